import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import type { Finding } from '#mock-moesif/client/index.ts'
import { attempt, notify } from '../live/notices.ts'
import { JudgedDocuments } from './judged-documents.tsx'
import { ask } from '../wire/mock.ts'
import { reconnects } from '../wire/reconnects.ts'
import { draftOf, keepDraft } from './drafts.ts'

type DocumentKind = 'config' | 'rules'

/** Pause in typing after which the text is judged. */
const judgeAfterMs = 250

const meanings: Record<DocumentKind, string> = {
  config: 'Sampling and cohorts: what /v1/config answers',
  rules: 'Governance rules: what /v1/rules answers',
}

/** A JSON document of one application, as the collector serves it. Saving gives it a new tag, which clients notice. */
export function DocumentEditor({ application, kind }: { application: string; kind: DocumentKind }) {
  const id = useId()
  const name = `${kind} of ${application}`
  const saved = useSignal<string | null>(null)
  useEffect(() => {
    let current = true
    const read = async () => {
      const document = await attempt(`Reading ${kind}`, () =>
        ask(`GET /_mock/${kind}`, { query: { app: application } }),
      )
      if (current && document !== undefined) saved.value = JSON.stringify(document, null, 2)
    }
    void read()
    return () => {
      current = false
    }
  }, [application, kind, reconnects.value])

  const draft = draftOf(name)
  const text = draft ?? saved.value ?? ''
  const problem = problemOf(text)
  const changed = draft !== undefined
  const findings = useSignal<Finding[]>([])
  useEffect(() => {
    if (problem !== '' || text === '') return undefined
    let current = true
    const timer = setTimeout(async () => {
      const judged = await attempt(`Judging ${kind}`, () =>
        ask(`POST /_mock/${kind}/check`, { body: JSON.parse(text) }),
      )
      if (current && judged) findings.value = judged.findings
    }, judgeAfterMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  const save = async () => {
    const done = await attempt(`Saving ${kind}`, async () => {
      await ask(`PUT /_mock/${kind}`, { query: { app: application }, body: JSON.parse(text) })
      return true
    })
    if (!done) return
    saved.value = text
    keepDraft(name, undefined)
    notify(`Saved ${name}`)
  }
  return (
    <section class="card document">
      <header>
        <h2 id={id}>{kind}</h2>
        <span class="faint">{meanings[kind]}</span>
        {changed && <span class="tag warning">not saved</span>}
      </header>
      <textarea
        class="mono"
        rows={14}
        spellcheck={false}
        aria-labelledby={id}
        aria-invalid={problem !== ''}
        disabled={saved.value === null && !changed}
        value={text}
        onInput={({ currentTarget: { value } }) =>
          keepDraft(name, value === saved.peek() ? undefined : value)
        }
      />
      {problem === '' && (
        <JudgedDocuments judged={[{ kind, document: null, findings: findings.value }]} />
      )}
      <footer>
        <span class="off" role="status">
          {problem}
        </span>
        <button type="button" disabled={!changed} onClick={() => keepDraft(name, undefined)}>
          Revert
        </button>
        <button
          type="button"
          class="primary"
          disabled={!changed || problem !== ''}
          onClick={() => void save()}
        >
          Save {kind}
        </button>
      </footer>
    </section>
  )
}

function problemOf(text: string): string {
  if (text === '') return ''
  try {
    JSON.parse(text)
    return ''
  } catch (reason) {
    return reason instanceof Error ? reason.message : 'Not JSON'
  }
}
