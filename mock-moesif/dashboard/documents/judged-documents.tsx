import type { Finding } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { visible } from '../text/captured-text.tsx'

export interface JudgedDocument {
  kind: 'rules' | 'config'
  document: unknown
  findings: Finding[]
}

/** What is wrong with the documents as they are served; what is about a rule leads to it. */
export function JudgedDocuments({ judged }: { judged: readonly JudgedDocument[] }) {
  if (judged.every(({ findings }) => findings.length === 0)) return null
  return (
    <ul class="remark-list" aria-label="Remarks on the documents">
      {judged.flatMap(({ kind, document, findings }) =>
        findings.map(({ severity, pointer, message }) => {
          const rule = kind === 'rules' ? ruleAt(document, pointer) : null
          const place = `${kind} ${pointer}`
          return (
            <li key={place + message} class={severity}>
              {rule === null ? (
                <span class="mono">{visible(place)}</span>
              ) : (
                <Link class="link mono" to={{ rule }}>
                  {visible(place)}
                </Link>
              )}{' '}
              {severity}: {visible(message)}
            </li>
          )
        }),
      )}
    </ul>
  )
}

/** The id of the rule that a JSON pointer into the rules leads to. */
function ruleAt(document: unknown, pointer: string): string | null {
  const index = Number(/^\/(\d+)/.exec(pointer)?.[1])
  const rule: unknown = Array.isArray(document) ? document[index] : null
  const id = (rule as { _id?: unknown } | null)?._id
  return typeof id === 'string' ? id : null
}
