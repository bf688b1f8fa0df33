import { Component } from 'preact'
import type { EventSummary, Verdict } from '#mock-moesif/client/index.ts'
import { bytes, clock, duration, eventClock, shortClock } from '../text/format.ts'
import { linkTo } from '../live/address.ts'
import { wantedValue } from '../live/member-values.ts'
import { utc } from '../live/preferences.ts'
import { addressParts } from '../captured/address-parts.ts'
import { visible } from '../text/captured-text.tsx'
import type { Column } from '../live/columns.ts'
import { arrivalOnly, methodClass, missingStatus, statusClassName } from '../controls/badges.tsx'
import { rowHeight } from './windowed.ts'

const verdictMarks: Record<Verdict, string> = { good: '', warning: '!', bad: '✕' }

export interface RowProps {
  row: EventSummary
  index: number
  columns: readonly Column[]
  /** Changes when values of members have come. */
  values: number
  active: boolean
  open: boolean
  marked: boolean
}

/** Where a row stands and how it is marked; this changes with every row that arrives. */
export function EventRow({ row, index, columns, values, active, open, marked }: RowProps) {
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
      style={{ transform: `translateY(${index * rowHeight}px)` }}
    >
      <Cells row={row} columns={columns} values={values} utc={utc.value} />
    </div>
  )
}

interface CellsProps {
  row: EventSummary
  columns: readonly Column[]
  values: number
  utc: boolean
}

/** What a row says. It never changes: rows that only move are not compared cell by cell. */
class Cells extends Component<CellsProps> {
  override shouldComponentUpdate(next: Readonly<CellsProps>): boolean {
    const { row, columns, values, utc: inUtc } = this.props
    return (
      next.row !== row || next.columns !== columns || next.values !== values || next.utc !== inUtc
    )
  }

  override render() {
    const { row, columns } = this.props
    return (
      <>
        <span role="gridcell" class="verdict-mark" aria-label={row.verdict}>
          {verdictMarks[row.verdict] ?? ''}
        </span>
        {columns.map((column) => cell(column, row))}
      </>
    )
  }
}

function cell({ name, width, member }: Column, row: EventSummary) {
  if (member) {
    const value = wantedValue(name, row.id)
    return text(name, value ?? (value === null ? '–' : ''), value === null ? 'faint' : '')
  }
  switch (name) {
    case 'time':
      return (
        <span key={name} role="gridcell" class="cell mono" title={arrivalOnly(row)}>
          <a class="row-link" href={linkTo({ event: row.id, compare: null })} tabIndex={-1}>
            {eventClock(row, width < 100 ? shortClock : clock)}
          </a>
        </span>
      )
    case 'verb':
      return text(name, row.verb ?? '–', methodClass(row.verb))
    case 'path':
      return <Path key={name} row={row} />
    case 'status':
      return text(
        name,
        row.status === null ? missingStatus(row) : String(row.status),
        statusClassName(row.status),
      )
    case 'duration':
      return text(name, duration(row.durationMs), 'mono numeric')
    case 'user':
      return text(name, row.userId ?? '–', row.userId ? '' : 'faint')
    case 'company':
      return text(name, row.companyId ?? '–', row.companyId ? '' : 'faint')
    case 'application':
      return text(name, ending(row.applicationId), 'mono')
    default:
      return text(name, bytes(row.size), 'mono numeric')
  }
}

function text(key: string, said: string, look: string) {
  return (
    <span key={key} role="gridcell" class={`cell ${look}`}>
      {visible(said)}
    </span>
  )
}

/** Application ids are long tokens that differ at their ends. */
function ending(id: string): string {
  return id.length > 15 ? `…${id.slice(-14)}` : id
}

function Path({ row }: { row: EventSummary }) {
  const { origin, path, query } = addressParts(row.uri)
  return (
    <span role="gridcell" class="cell mono" title={row.uri ?? ''}>
      {row.duplicateOf !== null && (
        <span class="tag" title={`Same transaction_id as event ${row.duplicateOf}`}>
          again
        </span>
      )}{' '}
      <bdi>{visible(path) || 'no uri'}</bdi>
      {query && <bdi class="faint">{visible(query)}</bdi>}{' '}
      {origin && <bdi class="faint origin">{visible(origin.replace(/^https?:\/\//, ''))}</bdi>}
    </span>
  )
}
