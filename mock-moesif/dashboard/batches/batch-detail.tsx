import type { BatchSummary, Forwarded } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { session } from '../live/session.ts'
import { LongText } from '../text/long-text.tsx'
import { bytes, clock, duration } from '../text/format.ts'
import { ValueMenu } from '../value/value-menu.tsx'
import { ask } from '../wire/mock.ts'
import { anyApplication } from '../documents/applications.ts'
import { Answer } from './answer.tsx'
import { AnswerCard } from './answer-card.tsx'
import { attemptsOf } from './attempts.ts'
import { AttemptsTimeline } from './attempts-timeline.tsx'
import { Posted } from './posted.tsx'
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
        {clock(batch.receivedAt)} ·{' '}
        <span class="mono">
          <LongText text={batch.applicationId} />
        </span>{' '}
        · {bytes(batch.wireBytes)} {batch.encoding}
        {batch.decodedBytes !== batch.wireBytes && `, ${bytes(batch.decodedBytes)} decoded`}
      </p>
      {batch.forwarded && <ForwardedTo {...batch.forwarded} application={batch.applicationId} />}
      <AttemptsTimeline attempts={attemptsOf(batch, held)} shown={id} />
      <BatchContents batch={{ ...batch, decodeProblem: value?.decodeProblem }} />
    </DetailPage>
  )
}

function ForwardedTo(props: Forwarded & { application: string }) {
  const { url, answer, error, durationMs, application } = props
  const { value: targets = [] } = useLoaded(() => ask('GET /_mock/forward', {}), [])
  // As it is set now: what it was at that time is not kept.
  const target = targets.find(
    (one) => url.startsWith(one.url) && [application, anyApplication].includes(one.applicationId),
  )
  return (
    <p class={answer === null ? 'remark warning' : ''}>
      Forwarded to <span class="mono">{url}</span>
      {target && (
        <>
          {' '}
          as <span class="mono">{target.forwardAs}</span>
        </>
      )}
      : <Answer answer={answer} /> in {duration(durationMs)} {error}
    </p>
  )
}

function BatchContents(props: {
  batch: BatchSummary & { decodeProblem: string | null | undefined }
}) {
  const { batch } = props
  const { value: request } = useRequest(batch.requestId)
  return <Posted of="batches" {...batch} request={request} />
}

/** A request that brought no batch: what it was, what it was answered, and what it posted. */
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
                ·{' '}
                <span class="mono">
                  <LongText text={request.applicationId} />
                </span>
              </>
            )}
          </p>
          {request.bodyKept === 'whole' || request.bodyKept === 'start' ? (
            <Posted
              of="requests"
              id={id}
              request={request}
              decodeProblem={request.decodeProblem}
              encoding={request.headers['content-encoding'] ?? 'identity'}
              wireBytes={request.wireBytes}
            />
          ) : (
            <div class="cards wide">
              <RequestCard request={request} />
              <AnswerCard request={request} />
            </div>
          )}
        </>
      )}
    </DetailPage>
  )
}

function DetailPage({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <main class="page batch-detail" aria-label={title}>
      <header class="row-card">
        <Link class="button" to={{ view: 'batches' }}>
          ‹ All batches
        </Link>
        <h2 class="page-title">{title}</h2>
      </header>
      {children}
      <ValueMenu />
    </main>
  )
}
