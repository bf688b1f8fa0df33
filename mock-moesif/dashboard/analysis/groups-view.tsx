import { useSignal } from '@preact/signals'
import type { AggregateGroup } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { address, type Address, currentGroup, currentQuery, go } from '../live/address.ts'
import { weighted } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { withTerm } from '../query/terms.ts'
import { visible } from '../text/captured-text.tsx'
import { amount, bytes, clock, duration, percent, plural } from '../text/format.ts'
import { useAggregate } from './use-aggregate.ts'

type Sort = Exclude<keyof AggregateGroup, 'filter'>

interface GroupColumn {
  sort: Sort
  title: string
  cell: (group: AggregateGroup) => preact.ComponentChildren
}

const columns: GroupColumn[] = [
  { sort: 'share', title: 'Share', cell: ({ share }) => <Share share={share} /> },
  {
    sort: 'serverErrors',
    title: '5xx',
    cell: ({ serverErrors }) => <Errors count={serverErrors} kind={4} />,
  },
  {
    sort: 'clientErrors',
    title: '4xx',
    cell: ({ clientErrors }) => <Errors count={clientErrors} kind={3} />,
  },
  { sort: 'errorRate', title: 'Error rate', cell: ({ errorRate }) => percent(errorRate) },
  { sort: 'durationAvg', title: 'Average', cell: ({ durationAvg }) => duration(durationAvg) },
  { sort: 'durationP50', title: 'p50', cell: ({ durationP50 }) => duration(durationP50) },
  { sort: 'durationP90', title: 'p90', cell: ({ durationP90 }) => duration(durationP90) },
  { sort: 'durationP99', title: 'p99', cell: ({ durationP99 }) => duration(durationP99) },
  { sort: 'durationMax', title: 'Max', cell: ({ durationMax }) => duration(durationMax) },
  { sort: 'bytes', title: 'Bytes', cell: (group) => bytes(group.bytes) },
  { sort: 'lastSeenAt', title: 'Last seen', cell: ({ lastSeenAt }) => clock(lastSeenAt) },
]
const step = 50

/** The events that match, by the values of a field: how many, how bad, how slow. A value that is pressed filters. */
export function GroupsView() {
  const field = currentGroup.value ?? 'user'
  const limit = useSignal(step)
  const counting: GroupColumn = weighted.value
    ? { sort: 'weighted', title: 'Exchanges', cell: (group) => amount(group.weighted) }
    : { sort: 'count', title: 'Events', cell: ({ count }) => amount(count) }
  const shown = [counting, ...columns]
  const { order } = address.value
  const named = order?.replace('-', '')
  const wanted =
    shown.find(({ sort }) => sort === named)?.sort ?? (named === 'key' ? named : 'count')
  const ascending = order !== null && !order.startsWith('-')
  const by = weighted.value && wanted === 'count' ? 'weighted' : wanted
  const { answer, problem } = useAggregate({
    by: field,
    filter: session.list.query,
    sort: by,
    ascending,
    limit: limit.value,
  })
  const result = answer.value
  const press = (column: Sort) => {
    const upwards = by === column ? !ascending : column === 'key'
    go({ order: upwards ? column : `-${column}` }, { replace: true })
  }
  const head = (column: Sort, title: string, numeric: boolean) => {
    const active = column === by
    return (
      <th
        key={column}
        scope="col"
        class={numeric ? 'numeric' : ''}
        aria-sort={active ? (ascending ? 'ascending' : 'descending') : undefined}
      >
        <button type="button" class="sort" onClick={() => press(column)}>
          {title}
          {active && (ascending ? ' ↑' : ' ↓')}
        </button>
      </th>
    )
  }
  if (problem.value) return <p class="detail-problem">{problem.value}</p>
  if (!result)
    return (
      <p class="groups group-count faint" aria-busy="true">
        Reading all that match…
      </p>
    )
  return (
    <div class="groups" tabIndex={-1}>
      {!result.complete && (
        <p class="banner warning" role="status">
          Only of the newest events: {result.incompleteBecause}.
        </p>
      )}
      <table class="table" aria-label={`Events by ${field}`}>
        <thead>
          <tr>
            {head('key', field, false)}
            {shown.map((column) => head(column.sort, column.title, true))}
          </tr>
        </thead>
        <tbody>
          {result.groups.map((group) => (
            <tr key={group.filter}>
              <th scope="row" class="ellipsis">
                <Link class="link mono" title="Only these" to={only(group.filter)}>
                  {group.key ? visible(group.key) : <i>{group.key === null ? 'none' : 'empty'}</i>}
                </Link>
              </th>
              {shown.map((column) => (
                <td key={column.sort} class="mono numeric">
                  {column.cell(group)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="faint group-count">
        {plural(result.groupCount, 'value')}
        {result.groupCount > result.groups.length && `, the first ${result.groups.length} shown `}
        {result.groupCount > result.groups.length && limit.value < 1000 && (
          <button
            type="button"
            class="link"
            onClick={() => (limit.value = Math.min(1000, limit.value * 4))}
          >
            Show more
          </button>
        )}
      </p>
    </div>
  )
}

function only(filter: string): Partial<Address> {
  const query = withTerm(currentQuery.value, filter)
  return { query, group: null, order: null, event: null, compare: null }
}

function Share({ share }: { share: number }) {
  return (
    <span class="share">
      <i style={{ width: `${Math.max(1, share * 100)}%` }} />
      <span>{percent(share)}</span>
    </span>
  )
}

function Errors({ count, kind }: { count: number; kind: 3 | 4 }) {
  return count === 0 ? (
    <span class="faint">0</span>
  ) : (
    <b class={`status s${kind}`}>{amount(count)}</b>
  )
}
