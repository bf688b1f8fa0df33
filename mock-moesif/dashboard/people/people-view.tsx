import type { Entity } from '#mock-moesif/client/index.ts'
import { useAggregate } from '../analysis/use-aggregate.ts'
import { useLoaded } from '../batches/use-loaded.ts'
import { JsonTree } from '../body/json-tree.tsx'
import { Figure } from '../controls/figure.tsx'
import { Link } from '../controls/link.tsx'
import { Table } from '../controls/table.tsx'
import { Tabs } from '../controls/tabs.tsx'
import { address, type Address, go } from '../live/address.ts'
import { session } from '../live/session.ts'
import { term } from '../query/terms.ts'
import { visible } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'
import { amount, clock, duration, percent, shortClock } from '../text/format.ts'
import { ValueMenu } from '../value/value-menu.tsx'
import { ask } from '../wire/mock.ts'
import { holdsFor, type Kind, nameOf, personIn } from './person.ts'

/** The users and companies that called, or that a profile was posted of. */
export function PeopleView() {
  const { person, kind: chosen } = address.value
  const kind: Kind = chosen === 'company' ? 'company' : 'user'
  const { value: entities = [] } = useLoaded(
    () => ask('GET /_mock/entities', { query: { kind: kind === 'user' ? 'users' : 'companies' } }),
    [kind, session.counts.value?.requests],
  )
  const { answer } = useAggregate({ by: kind, limit: 1000, sort: 'count' })
  const groups = answer.value?.groups ?? []
  if (person !== null)
    return (
      <PersonPage
        key={`${kind} ${person}`}
        kind={kind}
        id={person}
        entities={entities.filter((one) => personIn(one.document, kind) === person)}
      />
    )

  const called = new Map(
    groups.flatMap((group) => (group.key === null ? [] : [[group.key, group]])),
  )
  const posted = new Map(
    entities.flatMap((one) => {
      const id = personIn(one.document, kind)
      return id === null ? [] : [[id, one] as const]
    }),
  )
  const ids = [...new Set([...called.keys(), ...posted.keys()])]
  return (
    <main class="page people" aria-label="People">
      <Tabs
        label="Kind"
        options={[
          ['user', 'Users'],
          ['company', 'Companies'],
        ]}
        chosen={kind}
        onChoose={(name) => go({ kind: name, person: null }, { replace: true })}
      />
      {ids.length === 0 && (
        <p class="faint">{answer.value ? 'No calls and no profiles yet.' : 'Reading all calls…'}</p>
      )}
      {ids.length > 0 && (
        <Table
          label={kind === 'user' ? 'Users' : 'Companies'}
          card
          heads={[
            'Id',
            'Profile',
            ['Events', 'numeric'],
            ['Errors', 'numeric'],
            ['p90', 'numeric'],
            ['Last seen', 'numeric'],
          ]}
        >
          {ids.map((id) => {
            const group = called.get(id)
            return (
              <tr key={id}>
                <th scope="row" class="ellipsis">
                  <Link class="link mono" to={{ kind, person: id }}>
                    {visible(id)}
                  </Link>
                </th>
                <td class="ellipsis">{visible(nameOf(posted.get(id)?.document))}</td>
                <td class="mono numeric">{amount(group?.count ?? 0)}</td>
                <td class="mono numeric">{group ? percent(group.errorRate) : '–'}</td>
                <td class="mono numeric">{duration(group?.durationP90 ?? null)}</td>
                <td class="mono numeric">
                  {group?.lastSeenAt ? shortClock(group.lastSeenAt) : '–'}
                </td>
              </tr>
            )
          })}
        </Table>
      )}
    </main>
  )
}

function PersonPage(props: { kind: Kind; id: string; entities: Entity[] }) {
  const { kind, id, entities } = props
  const calls = useAggregate({ filter: term(kind, id), limit: 0 }).answer.value?.total
  const { value: held = [] } = useLoaded(() => holdsFor(kind, id), [kind, id])
  const its = (more: string): Partial<Address> => ({
    view: 'events',
    query: term(kind, id) + more,
    group: null,
    event: null,
  })
  return (
    <main class="page people" aria-label={id}>
      <header class="row-card">
        <Link class="button" to={{ person: null }}>
          ‹ {kind === 'user' ? 'All users' : 'All companies'}
        </Link>
        <h2 class="page-title mono">
          <LongText text={id} />
        </h2>
        <Link class="button" to={its('')}>
          Its events
        </Link>
        <Link class="button" to={its(' status:>=400')}>
          Its errors
        </Link>
      </header>
      <section class="sum" aria-label="Calls">
        <Figure name="events" value={calls ? amount(calls.count) : '…'} />
        <Figure name="errors" value={percent(calls?.errorRate ?? null)} />
        <Figure name="p50" value={duration(calls?.durationP50 ?? null)} />
        <Figure name="p90" value={duration(calls?.durationP90 ?? null)} />
        <Figure name="last seen" value={clock(calls?.lastSeenAt ?? null)} />
      </section>
      <div class="cards wide">
        <section class="card">
          <h2>Profile</h2>
          {entities.length === 0 && (
            <p class="faint">None was posted to /v1/{kind === 'user' ? 'users' : 'companies'}.</p>
          )}
          {entities.map((one) => (
            <div key={one.id}>
              <p class="faint">
                <span class="mono">{visible(one.applicationId)}</span>, {clock(one.receivedAt)}
              </p>
              <JsonTree value={one.document} field={null} />
            </div>
          ))}
        </section>
        <section class="card">
          <h2>Rules and sample rate</h2>
          {held.length === 0 && <p class="faint">No rule and no sample rate of its own.</p>}
          <ul>
            {held.map(({ application, sampleRate, rules }) => (
              <li key={application}>
                <span class="faint mono">{visible(application)}</span>
                {sampleRate !== null && <p>{sampleRate} % of its calls are kept.</p>}
                {rules.map((rule) => (
                  <p key={rule.id}>
                    <Link to={{ view: 'rules', rule: rule.id, app: application }}>
                      {visible(rule.name)}
                    </Link>{' '}
                    {rule.block ? 'refuses its calls' : 'marks its calls'}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      </div>
      <ValueMenu />
    </main>
  )
}
