import { useSignal } from '@preact/signals'
import { ChartMetric } from '../analysis/chart-metric.tsx'
import { useAggregate } from '../analysis/use-aggregate.ts'
import { GroupBy } from '../analysis/group-by.tsx'
import { Link } from '../controls/link.tsx'
import { Menu } from '../controls/menu.tsx'
import { currentQuery } from '../live/address.ts'
import { amount, plural } from '../text/format.ts'
import { hiddenColumns, memberColumns, weighted } from '../live/preferences.ts'
import { fieldProblem } from '../live/query-problems.ts'
import { session } from '../live/session.ts'
import { withTerm } from '../query/terms.ts'
import { columns, crowdedOut, showColumn } from '../live/columns.ts'
import { ListMenu } from './list-menu.tsx'

/** Between query and list: how many there are, what was dropped, pause, columns. */
export function ListBar({ onShowNew }: { onShowNew: () => void }) {
  const { list, paused } = session
  const held = list.rows.heldBack.value
  const { events, bad, warning } = list.matching.value
  const { evicted = 0, typeChanges = 0 } = session.counts.value ?? {}
  return (
    <div class="list-bar">
      <span class="list-count" aria-live="off">
        {list.loaded.value && plural(events, 'event')}
        {weighted.value && <Exchanges query={list.query} />}
        {list.sorting.value && <span class="faint"> · reading all to sort them…</span>}
      </span>
      {bad > 0 && <Verdicts count={bad} name="bad" />}
      {warning > 0 && <Verdicts count={warning} name="warning" />}
      {typeChanges > 0 && (
        <Link class="link count-warning" to={{ view: 'types' }}>
          {plural(typeChanges, 'type')} changed{list.query && ' in all events'}
        </Link>
      )}
      {evicted > 0 && (
        <span class="faint" title="The mock keeps a bounded number of events">
          {amount(evicted)} dropped by the bound
        </span>
      )}
      {held > 0 && (
        <button type="button" class="primary pill" title="n" onClick={onShowNew}>
          ↑ {amount(held)} new
        </button>
      )}
      <span class="spacer" />
      <ChartMetric />
      <GroupBy />
      <button
        type="button"
        class="quiet"
        aria-pressed={paused.value}
        title="p"
        onClick={() => (paused.value = !paused.value)}
      >
        {paused.value ? '▶' : '❚❚'} <span class="label">{paused.value ? 'Resume' : 'Pause'}</span>
      </button>
      <ColumnMenu />
      <ListMenu />
    </div>
  )
}

/** Of those that match the query; a press asks for them. */
function Verdicts({ count, name }: { count: number; name: 'bad' | 'warning' }) {
  return (
    <Link
      class={`link count-${name}`}
      to={{ query: withTerm(currentQuery.value, `${name}:true`), event: null }}
    >
      {name === 'bad' ? `${amount(count)} bad` : plural(count, 'warning')}
    </Link>
  )
}

/** How many exchanges the events stand for, that match. */
function Exchanges({ query }: { query: string }) {
  const { answer } = useAggregate({ filter: query, limit: 0 })
  return answer.value && <> for {plural(answer.value.total.weighted, 'exchange')}</>
}

function ColumnMenu() {
  const hidden = hiddenColumns.value
  const problem = useSignal('')
  return (
    <Menu label={crowdedOut.value ? `Columns −${crowdedOut.value}` : 'Columns'} class="quiet">
      <fieldset>
        <legend class="visually-hidden">Columns</legend>
        {columns.map(({ name, title }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={!hidden.includes(name)}
              onChange={(event) =>
                (hiddenColumns.value = event.currentTarget.checked
                  ? hidden.filter((other) => other !== name)
                  : [...hidden, name])
              }
            />
            {title}
          </label>
        ))}
        {crowdedOut.value > 0 && <p class="faint">{crowdedOut.value} without room</p>}
        {memberColumns.value.map((name) => (
          <label key={name} class="mono">
            <input type="checkbox" checked onChange={() => showColumn(name, false)} />
            {name}
          </label>
        ))}
        <input
          class="small mono"
          placeholder="metadata.plan"
          aria-label="Add a column"
          aria-invalid={problem.value !== ''}
          title="As in a query: request.header.x-id"
          onChange={({ currentTarget }) => {
            const name = currentTarget.value.trim()
            problem.value = name && fieldProblem(name)
            if (problem.value || name === '') return
            showColumn(name)
            currentTarget.value = ''
          }}
        />
        {problem.value && (
          <p class="off" role="alert">
            {problem.value}
          </p>
        )}
      </fieldset>
    </Menu>
  )
}
