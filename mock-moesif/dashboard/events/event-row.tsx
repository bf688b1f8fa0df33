import type { EventSummary, Verdict } from '#mock-moesif/test-api/types.ts'
import { bytes, clock, duration } from '../live/format.ts'
import { addressParts } from './address-parts.ts'
import type { Column } from './columns.ts'
import { Method, Status } from './marks.tsx'

const verdictMarks: Record<Verdict, string> = { good: '', warning: '!', bad: '✕' }

export function EventRow(props: {
  row: EventSummary
  index: number
  columns: readonly Column[]
  active: boolean
  open: boolean
  marked: boolean
}) {
  const { row, index, columns, active, open, marked } = props
  const classes = ['row', row.verdict]
  if (active) classes.push('active')
  if (marked) classes.push('marked')
  return (
    <div
      id={`event-${row.id}`}
      role="row"
      class={classes.join(' ')}
      aria-rowindex={index + 2}
      aria-selected={open}
      style={{ transform: `translateY(${index * 28}px)` }}
    >
      <span role="gridcell" class="verdict-mark" aria-label={row.verdict}>
        {verdictMarks[row.verdict] ?? ''}
      </span>
      {columns.map((column) => (
        <span key={column.name} role="gridcell" class={column.numeric ? 'cell numeric' : 'cell'}>
          <Cell row={row} name={column.name} />
        </span>
      ))}
    </div>
  )
}

function Cell({ row, name }: { row: EventSummary; name: string }) {
  switch (name) {
    case 'time':
      return <span class="mono">{clock(row.time ?? row.receivedAt)}</span>
    case 'verb':
      return <Method verb={row.verb} />
    case 'path':
      return <Path row={row} />
    case 'status':
      return <Status status={row.status} />
    case 'duration':
      return <span class="mono">{duration(row.durationMs)}</span>
    case 'user':
      return <Text value={row.userId} />
    case 'company':
      return <Text value={row.companyId} />
    case 'application':
      return <Text value={row.applicationId} tail />
    default:
      return <span class="mono">{bytes(row.size)}</span>
  }
}

function Path({ row }: { row: EventSummary }) {
  const { origin, path, query } = addressParts(row.uri)
  return (
    <span class="path mono" title={row.uri ?? ''}>
      {row.duplicateOf !== null && (
        <span class="tag" title={`Same transaction_id as event ${row.duplicateOf}`}>
          again
        </span>
      )}
      {path || <i class="faint">no uri</i>}
      <span class="faint">{query}</span>
      {origin && <span class="faint origin">{origin.replace(/^https?:\/\//, '')}</span>}
    </span>
  )
}

function Text({ value, tail = false }: { value: string | null; tail?: boolean }) {
  if (!value) return <span class="faint">–</span>
  // Application ids are long tokens that differ at their ends.
  const text = tail && value.length > 15 ? `…${value.slice(-14)}` : value
  return (
    <span class={tail ? 'mono' : ''} title={value}>
      {text}
    </span>
  )
}
