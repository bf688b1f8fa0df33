import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { RequestRecord } from '#mock-moesif/client/index.ts'
import { BodyView } from '../body/body-view.tsx'
import { readBytes } from '../captured/read-body.ts'
import { bytes } from '../text/format.ts'
import { askRaw } from '../wire/mock.ts'
import { AnswerCard } from './answer-card.tsx'
import { BatchEvents } from './batch-events.tsx'
import { RequestCard } from './request-card.tsx'
import { useLoaded } from './use-loaded.ts'

/** A request with what it posted: the events in it, and its bytes, decoded or as they were sent. */
export function Posted(props: {
  of: 'batches' | 'requests'
  id: number
  request: RequestRecord | undefined
  /** Why the body is not, or not all, decoded. */
  decodeProblem: string | null | undefined
  encoding: string
  wireBytes: number
  /** Null or absent: none of them is stored. */
  firstEventId?: number | null
}) {
  const { of, id, request, decodeProblem, encoding, wireBytes, firstEventId = null } = props
  const asSent = useSignal(false)
  const load = (form: 'raw' | 'sent') => (signal: AbortSignal) =>
    askRaw(`GET /_mock/${of}/{id}/${form}`, { path: { id }, binary: true, signal })
  const raw = useLoaded(load('raw'), [id])
  const sent = useLoaded(async (signal) => asSent.value && load('sent')(signal), [id, asSent.value])
  const decoded = useMemo(
    () => (raw.value?.bytes ? readBytes(raw.value.bytes, 'application/json') : null),
    [raw.value],
  )
  const shown = asSent.value
    ? sent.value && sent.value.bytes && readBytes(sent.value.bytes, '')
    : decoded
  const holdsEvents = of === 'batches' || /\/events\b/.test(request?.path ?? '')
  const isEncoded = encoding !== 'identity'
  return (
    <>
      <div class="cards wide">
        {request && <RequestCard request={request} />}
        {request && <AnswerCard request={request} />}
        {holdsEvents && decoded && decoded.text !== null && (
          <BatchEvents id={id} first={firstEventId} body={decoded.text} />
        )}
      </div>
      {raw.problem && <p>{raw.problem}</p>}
      {shown && (
        <section class="card">
          <h2>
            Body
            {isEncoded &&
              !asSent.value &&
              (decodeProblem ? ', as far as it could be decoded' : ', decoded')}
          </h2>
          {decodeProblem && <p class="remark error">{decodeProblem}</p>}
          {request?.bodyKept === 'start' && (
            <p class="remark warning">Only its first {bytes(wireBytes)} are kept.</p>
          )}
          <div class="actions">
            {isEncoded && (
              <button
                type="button"
                aria-pressed={asSent.value}
                onClick={() => (asSent.value = !asSent.value)}
              >
                As sent: {bytes(wireBytes)} {encoding}
              </button>
            )}
            <a class="button" href={`/_mock/${of}/${id}/${asSent.value ? 'sent' : 'raw'}`} download>
              Download
            </a>
          </div>
          {shown.bytes.length === 0 ? (
            <p class="faint">Empty.</p>
          ) : (
            <BodyView reading={shown} label="Posted" header="application/json" />
          )}
        </section>
      )}
    </>
  )
}
