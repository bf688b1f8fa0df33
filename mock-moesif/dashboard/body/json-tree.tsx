import { type ReadonlySignal, signal, useSignal } from '@preact/signals'
import { isExactNumber } from '../captured/exact-json.ts'
import { ValueText } from '../value/value-text.tsx'

const atOnce = 100
/** "Expand all" stops here: a page of a million lines is of no use. */
const expandedAtMost = 5000

/** State of a whole tree: which branches are open, whatever their depth. */
export interface Expansion {
  /** Objects and arrays to open, each with the names in it that are shown even where they stand beyond the first hundred; all others only down to the second level. */
  open: ReadonlyMap<unknown, ReadonlySet<string> | null>
  /** Whether these are all, or only as many as are opened at once. */
  all: boolean
  /** What is searched for, and how often it is in all of the tree. */
  text: string
  total: number
}

export const nothingExpanded: Expansion = { open: new Map(), all: false, text: '', total: 0 }
const neverExpanded = signal(nothingExpanded)

/** A JSON value, folded below the second level; what is folded or beyond the first hundred is not built until asked for. */
export function JsonTree(props: {
  value: unknown
  name?: string
  depth?: number
  /** The field of the query language that asks for this value; null when none can. */
  field: string | null
  /** Of the whole tree, where it can be expanded and searched. */
  expansion?: ReadonlySignal<Expansion>
}) {
  const { value, name, depth = 0, field, expansion: whole = neverExpanded } = props
  const expansion = whole.value
  const chosen = useSignal<{ expansion: Expansion; open: boolean } | null>(null)
  const limit = useSignal(atOnce)
  if (!isBranch(value)) {
    return (
      <div class="leaf">
        <Name name={name} />
        <ValueText
          value={value}
          text={JSON.stringify(value)}
          field={field}
          class={`json-${value === null ? 'null' : isExactNumber(value) ? 'number' : typeof value}`}
        />
      </div>
    )
  }
  const list = Array.isArray(value)
  const entries: [string, unknown][] = Object.entries(value)
  if (entries.length === 0) {
    return (
      <div class="leaf">
        <Name name={name} />
        <span class="faint">{list ? '[ ]' : '{ }'}</span>
      </div>
    )
  }
  // A branch stays as the user left it until all are expanded, folded or searched again.
  const open =
    chosen.value?.expansion === expansion
      ? chosen.value.open
      : depth < 2 || expansion.open.has(value)
  const found = expansion.open.get(value)
  const most = expansion.all ? Math.max(expandedAtMost, limit.value) : limit.value
  const shown = open ? entries.filter(([key], index) => index < most || found?.has(key)) : []
  const rest = entries.length - shown.length
  return (
    <details
      class="branch"
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open !== open)
          chosen.value = { expansion, open: event.currentTarget.open }
      }}
    >
      <summary>
        <Name name={name} />
        <span class="faint">
          {list ? `[${entries.length}]` : `{${entries.length}}`}
          {open ? '' : ` ${preview(value)}`}
        </span>
      </summary>
      {open && (
        <div class="members">
          {shown.map(([key, member]) => (
            <JsonTree
              key={key}
              name={key}
              value={member}
              depth={depth + 1}
              field={fieldOf(field, key)}
              expansion={whole}
            />
          ))}
          {rest > 0 && (
            <button
              type="button"
              class="link"
              onClick={() => (limit.value = Math.max(most, limit.value) + atOnce * 10)}
            >
              {rest} more
            </button>
          )}
        </div>
      )}
    </details>
  )
}

/** A name that the query language would split cannot be searched for. */
export function fieldOf(field: string | null, name: string): string | null {
  return field === null || !/^[^\s:"().]+$/.test(name) ? null : `${field}.${name}`
}

/** Everything, as far as it is bounded. */
export function expandAll(value: unknown): Expansion {
  const open = new Map<unknown, null>()
  const waiting = [value]
  for (const one of waiting) {
    if (!isBranch(one) || open.size >= expandedAtMost || waiting.length > expandedAtMost * 4)
      continue
    open.set(one, null)
    for (const member of Object.values(one)) waiting.push(member)
  }
  return { ...nothingExpanded, open, all: true }
}

/** The branches that lead to names or values with this text. */
export function expandTo(value: unknown, text: string): Expansion {
  const open = new Map<unknown, Set<string>>()
  let total = 0
  let held = 0
  const count = (said: string) => {
    const times = occurrences(said, text)
    total += times
    return times > 0
  }
  const contains = (one: unknown): boolean => {
    if (!isBranch(one)) return count(JSON.stringify(one))
    const list = Array.isArray(one)
    const names = new Set<string>()
    let found = false
    for (const [name, member] of Object.entries(one)) {
      const named = !list && count(name)
      if (!contains(member) && !named) continue
      found = true
      if (held++ < expandedAtMost) names.add(name)
    }
    if (names.size > 0) open.set(one, names)
    return found
  }
  contains(value)
  return { open, all: false, text, total }
}

export function occurrences(within: string, text: string): number {
  return within.toLowerCase().split(text.toLowerCase()).length - 1
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isExactNumber(value)
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span class="json-name">{name}: </span>
}

function preview(value: object): string {
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  return keys.slice(0, 4).join(', ') + (keys.length > 4 ? ', …' : '')
}
