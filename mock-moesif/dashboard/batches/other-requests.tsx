import { Link } from '../controls/link.tsx'
import { Table } from '../controls/table.tsx'
import { session } from '../live/session.ts'
import { visible } from '../text/captured-text.tsx'
import { clock } from '../text/format.ts'
import { Answer } from './answer.tsx'

const shownAtMost = 20

/** Requests that brought no batch and went wrong: a missing application id, a wrong path, a connection that broke. */
export function OtherRequests() {
  const withBatch = new Set(session.batches.list.value.map(({ requestId }) => requestId))
  const others = session.requests.list.value.filter(
    ({ id, answer, path }) =>
      !withBatch.has(id) && (answer === null || answer >= 400) && !path.startsWith('/_mock/'),
  )
  if (others.length === 0) return null
  return (
    <section class="card">
      <h2>Requests that brought no batch</h2>
      <Table heads={['Request', 'Arrived', 'App', 'What', 'Answer', 'Remarks']}>
        {others.slice(0, shownAtMost).map(({ id, receivedAt, applicationId, ...rest }) => (
          <tr key={id}>
            <th scope="row">
              <Link class="link mono" to={{ request: id, batch: null }}>
                {id}
              </Link>
            </th>
            <td class="mono">{clock(receivedAt)}</td>
            <td class="mono ellipsis">{applicationId ? visible(applicationId) : '–'}</td>
            <td class="mono ellipsis">
              {rest.method} {visible(rest.path)}
            </td>
            <td>
              <Answer answer={rest.answer} />
            </td>
            <td>{rest.fault && <span class="tag warning">fault {rest.fault}</span>}</td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
