import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { BodyView } from '../body/body-view.tsx'
import { readBytes } from '../captured/read-body.ts'
import { go } from '../live/address.ts'
import { session } from '../live/session.ts'
import { visible } from '../text/captured-text.tsx'
import { bytes, clock } from '../text/format.ts'
import { ValueMenu } from '../value/value-menu.tsx'
import { ask, askRaw } from '../wire/mock.ts'
import { attemptsOf } from './attempts.ts'
import { AttemptsTimeline } from './attempts-timeline.tsx'
import { BatchEvents } from './batch-events.tsx'
import { RequestCard } from './request-card.tsx'
import { useLoaded } from './use-loaded.ts'
import { useRequest } from './use-request.ts'

/** All there is to know of one batch: its request, its bytes, its events, and each attempt to deliver them. */
export function BatchDetail({ id }: { id: number }) {
  const held = session.batches.list.value
  const known = held.find((one) => one.id === id)
  const { value, problem } = useLoaded(
    (signal) => ask('GET /_mock/batches/{id}', { path: { id }, signal }),
    [id],
  )
  const batch = known ?? (value?.id === id ? value : undefined)
  if (!batch) return <DetailPage title={`Batch ${id}`}>{problem && <p>{problem}</p>}</DetailPage>
  return (
    <DetailPage title={`Batch ${id}`}>
      <p class="faint">
        {clock(batch.receivedAt)} · <span class="mono">{visible(batch.applicationId)}</span> ·{' '}
        {bytes(batch.wireBytes)} {batch.encoding}
        {batch.decodedBytes !== batch.wireBytes && `, ${bytes(batch.decodedBytes)} decoded`}
      </p>
      <AttemptsTimeline attempts={attemptsOf(batch, held)} shown={id} />
      <Contents batch={batch} />
    </DetailPage>
  )
}

function Contents({ batch }: { batch: BatchSummary }) {
  const { value: request } = useRequest(batch.requestId)
  const { id } = batch
  const { value: body } = useLoaded(
    (signal) => askRaw('GET /_mock/batches/{id}/raw', { path: { id }, binary: true, signal }),
    [id],
  )
  const reading = useMemo(
    () => (body?.bytes ? readBytes(body.bytes, 'application/json') : null),
    [body],
  )
  const sent = useSignal(false)
  const { value: wire } = useLoaded(
    async (signal) =>
      sent.value &&
      (await askRaw('GET /_mock/batches/{id}/sent', { path: { id }, binary: true, signal })),
    [id, sent.value],
  )
  const shown = sent.value ? wire && wire.bytes && readBytes(wire.bytes, '') : reading
  return (
    <>
      <div class="cards wide">
        {request && <RequestCard request={request} />}
        {reading && reading.text !== null && <BatchEvents batch={batch} body={reading.text} />}
      </div>
      {shown && (
        <section class="card">
          <h2>Body{!sent.value && batch.encoding !== 'identity' && ', decoded'}</h2>
          <div class="actions">
            {batch.encoding !== 'identity' && (
              <button
                type="button"
                aria-pressed={sent.value}
                onClick={() => (sent.value = !sent.value)}
              >
                As sent: {bytes(batch.wireBytes)} {batch.encoding}
              </button>
            )}
            <a class="button" href={`/_mock/batches/${id}/${sent.value ? 'sent' : 'raw'}`} download>
              Download
            </a>
          </div>
          {shown.bytes.length === 0 ? (
            <p class="faint">Empty.</p>
          ) : (
            <BodyView reading={shown} label="Batch" header="application/json" />
          )}
        </section>
      )}
    </>
  )
}

/** A request that brought no batch: what it was, and what it was answered. */
export function RequestDetail({ id }: { id: number }) {
  const { value: request, problem } = useRequest(id)
  return (
    <DetailPage title={`Request ${id}`}>
      {problem && <p>{problem}</p>}
      {request && (
        <>
          <p class="faint">
            {clock(request.receivedAt)}
            {request.applicationId && (
              <>
                {' '}
                · <span class="mono">{visible(request.applicationId)}</span>
              </>
            )}
          </p>
          <RequestCard request={request} />
        </>
      )}
    </DetailPage>
  )
}

function DetailPage({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <main class="page batch-detail" aria-label={title}>
      <header class="row-card">
        <button type="button" onClick={() => go({ view: 'batches' })}>
          ‹ All batches
        </button>
        <h2 class="page-title">{title}</h2>
      </header>
      {children}
      <ValueMenu />
    </main>
  )
}
