import type { Finding } from '#mock-moesif/client/index.ts'
import { isMembers } from '../captured/members.ts'
import { Pairs } from '../controls/pairs.tsx'
import { fieldOf, JsonTree } from '../body/json-tree.tsx'
import { ValueText } from '../value/value-text.tsx'
import { escapePointer, Remarks } from './remarks.tsx'

/** Named values, each with its remarks. */
export function Members(props: {
  members: [name: string, value: unknown][]
  pointer: string
  findings: Finding[]
}) {
  const { members, pointer, findings } = props
  if (members.length === 0) return null
  return (
    <Pairs
      entries={members.map(([name, value]) => [
        name,
        <>
          <Value value={value} field={fieldOf(fieldAt(pointer), name)} />
          <Remarks findings={findings} pointer={`${pointer}/${escapePointer(name)}`} deep />
        </>,
      ])}
    />
  )
}

/** What the query language calls what is at a pointer of an event. */
function fieldAt(pointer: string): string {
  return `event${pointer.replaceAll('/', '.')}`
}

function Value({ value, field }: { value: unknown; field: string | null }) {
  if (value === undefined) return <i class="faint">absent</i>
  if (isMembers(value) || Array.isArray(value))
    return <JsonTree value={value} depth={1} field={field} />
  // Without quotes a string could look like a number.
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return <ValueText value={value} text={text} field={field} />
}

/** Shown in places of their own, there or not. */
const elsewhere = new Set([
  'request',
  'response',
  'headers',
  'body',
  'transfer_encoding',
  'uri',
  'verb',
  'status',
])

/** The members, and those that are not there but remarked upon. */
export function withAbsent(
  members: [name: string, value: unknown][],
  findings: Finding[],
  pointer: string,
): [name: string, value: unknown][] {
  const known = new Set(members.map(([name]) => name))
  const absent = new Set<string>()
  for (const finding of findings) {
    const name = finding.pointer.slice(pointer.length + 1)
    const child = finding.pointer.startsWith(`${pointer}/`) && name !== '' && !name.includes('/')
    if (child && !known.has(name) && !elsewhere.has(name)) absent.add(name)
  }
  return [...members, ...[...absent].map((name): [string, unknown] => [name, undefined])]
}
