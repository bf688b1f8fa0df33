import { address, go } from '../live/address.ts'
import { isRowOrder } from '../live/row-order.ts'
import { utc } from '../live/preferences.ts'
import type { Column } from '../live/columns.ts'

/** Pressed, it sorts by its column; again, the other way round; and once more, the newest come first again. */
export function ColumnHead({ column: { name, title, numeric } }: { column: Column }) {
  const { sort } = address.value
  const up = name
  const down = `-${name}`
  // Of numbers the greatest are looked for, of names the first.
  const cycle = numeric || name === 'time' ? [down, up] : [up, down]
  const at = sort === null ? -1 : cycle.indexOf(sort)
  const next = cycle[at + 1] ?? ''
  const sign = sort === up ? ' ↑' : sort === down ? ' ↓' : ''
  return (
    <span
      role="columnheader"
      class={numeric ? 'cell numeric' : 'cell'}
      aria-sort={sort === up ? 'ascending' : sort === down ? 'descending' : undefined}
    >
      <button
        type="button"
        class="sort"
        onClick={() => go({ sort: isRowOrder(next) ? next : null }, { replace: true })}
      >
        {title}
        {name === 'time' && utc.value && ' UTC'}
        {sign}
      </button>
    </span>
  )
}
