import path from 'node:path'
import { disagreements, eventDifferences, pairsOf, type Pair } from '../compare-judgements.ts'
import type { Judgement } from '../judge-filter.ts'
import { GROUPS, type Evidence, type Group, type Verdict } from '../sentence.ts'
import { html, Markup, none } from './markup.ts'
import { readRules, ruleAnchor, type Rule } from './rules.ts'
import { STYLE } from './style.ts'

/** One page without anything from elsewhere, with the rules of this project that it cites. */
export async function htmlReport(judgement: Judgement, other?: Judgement): Promise<string> {
  const { wasm, level, verdicts, durationMs, envoy } = judgement
  const name = path.basename(wasm)
  const failed = verdicts.filter(({ passed }) => !passed)
  const rules = await readRules(verdicts.map(({ source }) => source))
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Conformance of ${name}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Conformance of <code>${name}</code></h1>
          <p class="sum ${failed.length === 0 ? 'ok' : 'failed'}">
            <strong>${verdicts.length - failed.length}</strong> of ${verdicts.length} sentences hold
          </p>
          <p>
            Judged in Envoy ${envoy} on ${new Date(judgement.startedAt).toUTCString()}, in
            ${(durationMs / 1000).toFixed(0)} s. Level <code>${level}</code>: ${LEVELS[level]}. Each
            sentence was judged by requests through a real Envoy and by what a mock of Moesif's
            collector received.
          </p>
        </header>
        ${summary(verdicts)} ${other ? comparison(judgement, other) : none}
        ${
          failed.length === 0
            ? none
            : html`<h2 id="failures">What does not hold</h2>
                ${failed.map((verdict) => card(verdict, rules, true))}`
        }
        <h2>All sentences</h2>
        ${GROUPS.map((group) => groupOf(group, verdicts, rules))} ${rulesOf(rules)}
      </body>
    </html> `
  return page.text
}

const LEVELS = {
  'drop-in': "with the options of Moesif's own filter only",
  full: 'with all options of this project',
} as const

const anchorOf = (group: Group): string => `group-${group.replaceAll(' ', '-')}`

function summary(verdicts: readonly Verdict[]): Markup {
  const rows = GROUPS.map((group) => {
    const its = verdicts.filter((verdict) => verdict.group === group)
    const held = its.filter(({ passed }) => passed).length
    return its.length === 0
      ? none
      : html`<tr class="${held === its.length ? 'ok' : 'failed'}">
          <th scope="row"><a href="#${anchorOf(group)}">${group}</a></th>
          <td>${held} of ${its.length}</td>
          <td>
            <meter min="0" max="${its.length}" value="${held}">${held} of ${its.length}</meter>
          </td>
        </tr>`
  })
  return html`<table class="summary">
    <caption>
      By group
    </caption>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function groupOf(group: Group, verdicts: readonly Verdict[], rules: readonly Rule[]): Markup {
  const its = verdicts.filter((verdict) => verdict.group === group)
  return its.length === 0
    ? none
    : html`<section>
        <h3 id="${anchorOf(group)}">${group}</h3>
        ${its.map((verdict) => card(verdict, rules, false))}
      </section>`
}

function card(verdict: Verdict, rules: readonly Rule[], isOpen: boolean): Markup {
  const { id, says, passed, expected, seen, source, evidence, level, scene } = verdict
  const anchor = ruleAnchor(source, rules)
  return html`<details class="sentence ${passed ? 'ok' : 'failed'}" ${isOpen ? html` open` : none}>
    <summary><span class="mark">${passed ? 'holds' : 'fails'}</span> ${says}</summary>
    <dl>
      <dt>expected</dt>
      <dd><code>${expected}</code></dd>
      <dt>seen</dt>
      <dd><code>${seen}</code></dd>
      ${evidenceOf(evidence)}
      <dt>rule</dt>
      <dd><a href="${anchor}">${source.title}</a></dd>
      <dt>id</dt>
      <dd><code>${id}</code>, level ${level}, scene ${scene}</dd>
    </dl>
  </details>`
}

function evidenceOf(evidence: Evidence | undefined): Markup {
  const { event, requests, log } = evidence ?? {}
  return html`${
    event === undefined
      ? none
      : html`<dt>event</dt>
          <dd><pre>${cut(JSON.stringify(event, null, 2))}</pre></dd>`
  }
  ${
    requests === undefined || requests.length === 0
      ? none
      : html`<dt>collector</dt>
          <dd><pre>${requests.join('\n')}</pre></dd>`
  }
  ${
    log === undefined
      ? none
      : html`<dt>log</dt>
          <dd><pre>${log.map((line) => cut(line, 600)).join('\n')}</pre></dd>`
  }`
}

const cut = (text: string, length = 4_000): string =>
  text.length > length ? `${text.slice(0, length)}\n… (${text.length} characters)` : text

function comparison(left: Judgement, right: Judgement): Markup {
  const pairs = pairsOf(left, right)
  const different = disagreements(pairs)
  const [one, other] = [path.basename(left.wasm), path.basename(right.wasm)]
  const groups = GROUPS.map((group) => {
    const its = pairs.filter((pair) => pair.left.group === group)
    const held = (side: keyof Pair) => its.filter((pair) => pair[side].passed).length
    return its.length === 0
      ? none
      : html`<tr>
          <th scope="row">${group}</th>
          <td>${held('left')} of ${its.length}</td>
          <td>${held('right')} of ${its.length}</td>
        </tr>`
  })
  return html`<h2 id="comparison">Side by side</h2>
    <table class="summary">
      <thead>
        <tr>
          <td></td>
          <th scope="col"><code>${one}</code></th>
          <th scope="col"><code>${other}</code></th>
        </tr>
      </thead>
      <tbody>
        ${groups}
      </tbody>
    </table>
    <p>${different.length} of ${pairs.length} sentences hold for one of the two only.</p>
    ${different.map((pair) => disagreement(pair, [one, other]))}`
}

function disagreement(pair: Pair, names: readonly [string, string]): Markup {
  const { left, right } = pair
  const events = eventDifferences(pair)
  return html`<details class="sentence">
    <summary>${left.group}: ${left.says}</summary>
    <table class="pair">
      <tbody>
        ${sideOf(names[0], left)}${sideOf(names[1], right)}
      </tbody>
    </table>
    ${
      events.length === 0
        ? none
        : html`<table class="pair">
            <caption>
              Where the events differ
            </caption>
            <thead>
              <tr>
                <th scope="col">at</th>
                <th scope="col"><code>${names[0]}</code></th>
                <th scope="col"><code>${names[1]}</code></th>
              </tr>
            </thead>
            <tbody>
              ${events.map(
                (difference) =>
                  html`<tr>
                    <th scope="row"><code>${difference.pointer}</code></th>
                    <td><code>${shown(difference.left)}</code></td>
                    <td><code>${shown(difference.right)}</code></td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  </details>`
}

const sideOf = (name: string, { passed, seen }: Verdict): Markup =>
  html`<tr class="${passed ? 'ok' : 'failed'}">
    <th scope="row"><code>${name}</code></th>
    <td class="mark">${passed ? 'holds' : 'fails'}</td>
    <td><code>${seen}</code></td>
  </tr>`

const shown = (value: unknown): string =>
  value === undefined ? '' : cut(JSON.stringify(value), 300)

function rulesOf(rules: readonly Rule[]): Markup {
  return rules.length === 0
    ? none
    : html`<h2>The rules of this project</h2>
        <p>As its documentation has them.</p>
        ${rules.map(
          ({ anchor, title, text }) =>
            html`<details class="rule" id="${anchor}">
              <summary>${title}</summary>
              <pre>${text}</pre>
            </details>`,
        )}
        <script>
          const open = () => {
            const rule = document.getElementById(location.hash.slice(1))
            if (rule?.tagName === 'DETAILS') rule.open = true
          }
          addEventListener('hashchange', open)
          open()
        </script>`
}
