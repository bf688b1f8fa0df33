import { useLoaded } from '../batches/use-loaded.ts'
import { Link } from '../controls/link.tsx'
import { Table } from '../controls/table.tsx'
import { session } from '../live/session.ts'
import { visible } from '../text/captured-text.tsx'
import { amount, clock } from '../text/format.ts'
import { ask } from '../wire/mock.ts'

/** Members of metadata and bodies that came with another type than before, by application. */
export function TypesView() {
  const { value: changes = [], problem } = useLoaded(
    () => ask('GET /_mock/type-changes', {}),
    [session.counts.value?.warning],
  )
  return (
    <main class="page" aria-label="Types">
      <h2 class="page-title">Changed types</h2>
      <p class="faint">
        Moesif’s index has one type for each key of an application. These came with another one.
      </p>
      {problem}
      {changes.length > 0 && (
        <Table
          label="Changed types"
          card
          heads={[
            'Member',
            'App',
            'First',
            'Now',
            ['Events', 'numeric'],
            ['First event', 'numeric'],
            ['Last event', 'numeric'],
          ]}
        >
          {changes.map(({ applicationId, path, was, found, events, ...of }) => (
            <tr key={applicationId + path.join() + found}>
              <th scope="row" class="mono member">
                {visible(path.join('.'))}
              </th>
              <td class="mono ellipsis">{visible(applicationId)}</td>
              <td>{was}</td>
              <td>{found}</td>
              <td class="mono numeric">{amount(events)}</td>
              <Event id={of.firstEventId} at={of.firstAt} />
              <Event id={of.lastEventId} at={of.lastAt} />
            </tr>
          ))}
        </Table>
      )}
    </main>
  )
}

function Event({ id, at }: { id: number; at: number }) {
  return (
    <td class="mono numeric">
      {clock(at)} <Link to={{ view: 'events', event: id }}>{id}</Link>
    </td>
  )
}
