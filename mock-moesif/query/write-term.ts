import { findField } from './fields.ts'
import { MAX_KEY } from './group-key.ts'
import { namesIn } from './member-path.ts'

/** A condition as the query language writes it: quoted where it would be read as something else. */
export function termOf(name: string, value: string): string {
  return `${written(name)}:${valueText(value)}`
}

/**
 * The condition that finds exactly the events of a group of `GET /_mock/events/aggregate`.
 * @param isAlone no other group differs in letter case only: the condition need not regard it
 */
export function groupTerm(name: string, key: string | null, isAlone = false): string {
  if (key === null) return `missing:${written(name)}`
  const kind = findField(name)?.field.kind
  if (kind !== 'text' && kind !== 'contains') return termOf(name, key)
  const points = [...key]
  if (points.length >= MAX_KEY)
    return `${written(name)}:=${quoted(points.slice(0, MAX_KEY - 1).join(''))}*`
  if (kind === 'text' && isAlone && !key.includes(REPLACEMENT)) return termOf(name, key)
  return `${written(name)}:=${valueText(key)}`
}

/** What a lone surrogate becomes in a key. */
const REPLACEMENT = '\ufffd'

/** A name as it is written before the colon: what a name of a header or member may have besides is quoted. */
function written(name: string): string {
  if (!/[\s():"]/.test(name)) return name
  const found = findField(name)
  return found
    ? name.slice(0, name.length - found.key.length) +
        namesIn(found.key)
          .map((part) => (/[\s():".]/.test(part) ? quoted(part) : part))
          .join('.')
    : name
}

function valueText(value: string): string {
  return /^[^\s"()*<>=\\][^\s"()*\\]*$/.test(value) ? value : quoted(value)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`)}"`
}
