import { signal } from '@preact/signals'
import { findField } from '#mock-moesif/query/index.ts'
import { memberColumns } from './preferences.ts'

/** Columns of the event list, and which of them a list of some width has room for. */
export interface Column {
  name: string
  title: string
  width: number
  /** Columns with the highest number are hidden first when there is no room; 0 always stays. */
  rank: number
  numeric?: boolean
  /** A field that rows do not carry: its values are asked for. */
  member?: true
}

export const columns: readonly Column[] = [
  { name: 'time', title: 'Time', width: 112, rank: 0 },
  { name: 'verb', title: 'Method', width: 66, rank: 0 },
  { name: 'path', title: 'Path', width: 150, rank: 0 },
  { name: 'status', title: 'Status', width: 58, rank: 0 },
  { name: 'duration', title: 'Duration', width: 84, rank: 1, numeric: true },
  { name: 'user', title: 'User', width: 116, rank: 2 },
  { name: 'company', title: 'Company', width: 116, rank: 3 },
  { name: 'application', title: 'App', width: 128, rank: 5 },
  { name: 'size', title: 'Size', width: 68, rank: 4, numeric: true },
]

/** On a narrow screen seconds are precise enough. */
const narrowWidths: Record<string, number> = { time: 74, verb: 58, status: 48 }
const narrow = 520

/** The mark of the verdict stands before all columns. */
const markWidth = 26

/** Gives a field a column, or takes it away. */
export function showColumn(name: string, shown = true): void {
  const others = memberColumns.peek().filter((other) => other !== name)
  memberColumns.value = shown ? [...others, name] : others
}

/** One for any field of the query language. */
function memberColumn(name: string): Column {
  const title = findField(name)?.key.split('.').at(-1) || name
  return { name, title, width: 130, rank: 2, member: true }
}

/** How many of the wanted columns the list has no room for. */
export const crowdedOut = signal(0)

export function visibleColumns(
  width: number,
  hidden: readonly string[],
  members: readonly string[],
): Column[] {
  const wanted = [...columns, ...members.map(memberColumn)]
    .filter((column) => !hidden.includes(column.name))
    .map((column) => (width < narrow ? narrowed(column) : column))
  const byRank = wanted.toSorted((a, b) => a.rank - b.rank)
  let room = width - markWidth
  const kept = new Set<Column>()
  for (const column of byRank) {
    if (column.rank > 0 && column.width > room) break
    kept.add(column)
    room -= column.width
  }
  return wanted.filter((column) => kept.has(column))
}

const narrowed = (column: Column): Column => ({
  ...column,
  width: narrowWidths[column.name] ?? column.width,
})

export function gridTemplate(shown: readonly Column[]): string {
  const tracks = shown.map(({ name, width }) => (name === 'path' ? 'minmax(0, 1fr)' : `${width}px`))
  return `${markWidth}px ${tracks.join(' ')}`
}
