import { useSignal } from '@preact/signals'
import type { ComponentProps } from 'preact'
import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { Empty } from '../controls/empty.tsx'
import { Link } from '../controls/link.tsx'
import { Table } from '../controls/table.tsx'
import { address } from '../live/address.ts'
import { bytes, clock, plural } from '../text/format.ts'
import { session } from '../live/session.ts'
import { BatchCharts } from './batch-charts.tsx'
import { Answer } from './answer.tsx'
import { BatchDetail, RequestDetail } from './batch-detail.tsx'
import { OtherRequests } from './other-requests.tsx'
import { waitOf } from './batch-wait.ts'

const step = 100
const heads: ComponentProps<typeof Table>['heads'] = [
  'Batch',
  'Arrived',
  'App',
  ['Events', 'numeric'],
  ['Waited', 'numeric'],
  'Encoding',
  ['On the wire', 'numeric'],
  ['Decoded', 'numeric'],
  'Answer',
  'Remarks',
]

/** What left the gateway together: how many, after how long, what was answered, and what it repeats. */
export function BatchesView() {
  const { batch, request } = address.value
  if (batch !== null) return <BatchDetail key={batch} id={batch} />
  if (request !== null) return <RequestDetail key={request} id={request} />
  return <AllBatches />
}

function AllBatches() {
  const limit = useSignal(step)
  void session.list.rows.drawn.value
  const list = session.batches.list.value
  if (list.length === 0) {
    return (
      <>
        <Empty title="No batch has arrived">
          <p>
            The plugin sends a batch when it is full or when its oldest event has waited long
            enough.
          </p>
        </Empty>
        <OtherRequests />
      </>
    )
  }
  return (
    <main class="page batches" aria-label="Batches">
      <BatchCharts list={list} />
      <Table heads={heads}>
        {list.slice(0, limit.value).map((one) => (
          <BatchRow key={one.id} one={one} />
        ))}
      </Table>
      {list.length > limit.value && (
        <button type="button" onClick={() => (limit.value += step)}>
          Show {Math.min(step, list.length - limit.value)} more of{' '}
          {plural(list.length, 'batch', 'batches')}
        </button>
      )}
      <OtherRequests />
    </main>
  )
}

function BatchRow({ one }: { one: BatchSummary }) {
  return (
    <tr id={`batch-${one.id}`}>
      <th scope="row">
        <Link class="link mono" to={{ batch: one.id }}>
          {one.id}
        </Link>
      </th>
      <td class="mono">{clock(one.receivedAt)}</td>
      <td class="mono ellipsis" title={one.applicationId}>
        {one.applicationId}
      </td>
      <td class="mono numeric">{one.eventCount}</td>
      <td class="mono numeric">{waitOf(one).text}</td>
      <td>{one.encoding}</td>
      <td class="mono numeric">{bytes(one.wireBytes)}</td>
      <td class="mono numeric">{bytes(one.decodedBytes)}</td>
      <td>
        <Answer answer={one.answer} />
      </td>
      <td>
        {one.retryOf !== null && <span class="tag">retry of {one.retryOf}</span>}
        {one.fault && <span class="tag warning">fault: {one.fault}</span>}
        {one.forwarded && (
          <span
            class={one.forwarded.answer === null ? 'tag warning' : 'tag'}
            title={one.forwarded.error ?? one.forwarded.url}
          >
            forwarded: {one.forwarded.answer ?? 'no answer'}
          </span>
        )}
      </td>
    </tr>
  )
}
