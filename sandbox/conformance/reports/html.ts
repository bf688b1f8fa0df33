import path from 'node:path'
import { heldBySource, KINDS } from './by-source.ts'
import {
  disagreements,
  eventDifferences,
  namesOf,
  pairsOf,
  type Pair,
} from '../compare-judgements.ts'
import type { Judgement } from '../judge-filter.ts'
import { GROUPS, type Evidence, type Group, type Verdict } from '../sentence.ts'
import { html, Markup, none } from './markup.ts'
import { readRules, ruleAnchor, type Rule } from './rules.ts'
import { STYLE } from './style.ts'

/** One page without anything from elsewhere, with the rules of this project that it cites. */
export async function htmlReport(judgement: Judgement, other?: Judgement): Promise<string> {
  const { wasm, level, verdicts, durationMs, envoy } = judgement
  const names = other ? namesOf(judgement, other) : [path.basename(wasm)]
  const [name = ''] = names
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
        ${summary(judgement, names, other)} ${bySource(judgement, names, other)}
        ${
          failed.length === 0
            ? none
            : html`<h2 id="failures">What does not hold</h2>
                ${GROUPS.map((group) => groupOf(group, failed, rules, { isOpen: true }))}`
        }
        ${other ? comparison(judgement, other) : none}
        <h2 id="all">All sentences</h2>
        ${GROUPS.map((group) => groupOf(group, verdicts, rules, { anchor: anchorOf(group) }))}
        ${rulesOf(rules)}
      </body>
    </html> `
  return page.text
}

const LEVELS = {
  'drop-in': "with the options of Moesif's own filter only",
  full: 'with all options of this project',
} as const

const anchorOf = (group: Group): string => `group-${group.replaceAll(' ', '-')}`

function summary(judgement: Judgement, names: readonly string[], other?: Judgement): Markup {
  const rows = GROUPS.map((group) => {
    const [own, others] = [judgement, other].map((one) => heldOf(group, one?.verdicts ?? []))
    const { held, all } = own!
    return all === 0
      ? none
      : html`<tr class="${held === all ? 'ok' : 'failed'}">
          <th scope="row"><a href="#${anchorOf(group)}">${group}</a></th>
          <td>${held} of ${all}</td>
          ${other ? html`<td>${others!.held} of ${others!.all}</td>` : none}
          ${other ? none : bar(held, all)}
        </tr>`
  })
  return html`<table class="summary">
    <caption>
      By group
    </caption>
    ${other ? heads(names) : none}
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

const heads = (names: readonly string[]): Markup =>
  html`<thead>
    <tr>
      <td></td>
      ${names.map((name) => html`<th scope="col"><code>${name}</code></th>`)}
    </tr>
  </thead>`

/** Whose rules they are: what rests on this project's alone is no fault of a filter of Moesif. */
function bySource(judgement: Judgement, names: readonly string[], other?: Judgement): Markup {
  const others = other ? heldBySource(other.verdicts) : []
  return html`<table class="summary">
    <caption>
      By whose rule
    </caption>
    ${other ? heads(names) : none}
    <tbody>
      ${heldBySource(judgement.verdicts).map(({ kind, held, all }) => {
        const its = others.find((one) => one.kind === kind)
        return html`<tr class="${held === all ? 'ok' : 'failed'}">
          <th scope="row">${KINDS[kind]}</th>
          <td>${held} of ${all}</td>
          ${its ? html`<td>${its.held} of ${its.all}</td>` : none} ${other ? none : bar(held, all)}
        </tr>`
      })}
    </tbody>
  </table>`
}

const bar = (held: number, all: number): Markup =>
  html`<td class="bar"><meter min="0" max="${all}" value="${held}"></meter></td>`

function heldOf(group: Group, verdicts: readonly Verdict[]): { held: number; all: number } {
  const its = verdicts.filter((verdict) => verdict.group === group)
  return { held: its.filter(({ passed }) => passed).length, all: its.length }
}

function groupOf(
  group: Group,
  verdicts: readonly Verdict[],
  rules: readonly Rule[],
  { isOpen = false, anchor }: { isOpen?: boolean; anchor?: string } = {},
): Markup {
  const its = verdicts.filter((verdict) => verdict.group === group)
  return its.length === 0
    ? none
    : html`<section>
        <h3 ${anchor === undefined ? none : html`id="${anchor}"`}>${group}</h3>
        ${its.map((verdict) => card(verdict, rules, isOpen))}
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
      <dd><a href="${anchor}">${source.title}</a> (${source.kind})</dd>
      <dt>id</dt>
      <dd><code>${id}</code>, level ${level}, scene ${scene}</dd>
    </dl>
  </details>`
}

function evidenceOf({ event, requests = [], log = [], envoyLog = [] }: Evidence = {}): Markup {
  return html`${event === undefined ? none : shownBy('event', JSON.stringify(event, null, 2))}
  ${requests.length === 0 ? none : shownBy('collector', requests.join('\n'))}
  ${log.length === 0 ? none : shownBy('log', log.map((line) => cut(line, 600)).join('\n'))}
  ${
    envoyLog.length === 0
      ? none
      : shownBy(
          'log of this Envoy, perhaps of another case',
          envoyLog.map((line) => cut(line, 600)).join('\n'),
        )
  }`
}

/** Folded, with its beginning, so that a page of failures can be read through. */
const shownBy = (what: string, text: string): Markup =>
  html`<dt>${what}</dt>
    <dd>
      <details class="evidence">
        <summary><code>${beginningOf(text)}</code></summary>
        <pre>${cut(text)}</pre>
      </details>
    </dd>`

/** In one line; of Envoy's log without time, thread and place. */
const beginningOf = (text: string): string =>
  text
    .replace(/^(\[[^\]]*\]){2,} (\[[^\]]*\] )?/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200)

const cut = (text: string, length = 4_000): string =>
  text.length > length ? `${text.slice(0, length)}\n… (${text.length} characters)` : text

function comparison(left: Judgement, right: Judgement): Markup {
  const pairs = pairsOf(left, right)
  const names = namesOf(left, right)
  const [onlyLeft, onlyRight] = [true, false].map((holds) =>
    disagreements(pairs).filter((pair) => pair.left.passed === holds),
  )
  return html`<h2 id="comparison">Side by side</h2>
    ${onlyHolding(names[0], onlyLeft!, names)} ${onlyHolding(names[1], onlyRight!, names)}
    <p>
      ${pairs.length - onlyLeft!.length - onlyRight!.length} of ${pairs.length} sentences came out
      alike.
    </p>`
}

function onlyHolding(
  name: string,
  pairs: readonly Pair[],
  names: readonly [string, string],
): Markup {
  return html`<h3>
      ${pairs.length === 0 ? 'None holds' : `${pairs.length} hold`} for <code>${name}</code> only
    </h3>
    ${pairs.map((pair) => disagreement(pair, names))}`
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
