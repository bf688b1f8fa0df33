import type { BatchSummary, RequestSummary } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { session } from '../live/session.ts'
import { clock, duration } from '../text/format.ts'
import { Answer } from './answer.tsx'
import { useLoaded } from './use-loaded.ts'
import { readRequest } from './use-request.ts'

/** Each attempt to deliver these events: when, how long the collector took, what it answered, and how long until the next. */
export function AttemptsTimeline(props: { attempts: BatchSummary[]; shown: number }) {
  const { attempts, shown } = props
  const ids = attempts.map(({ requestId }) => requestId)
  const { value: loaded = [] } = useLoaded(
    (signal) => Promise.all(ids.map((id) => readRequest(id, signal).catch(() => null))),
    [ids.join()],
  )
  const streamed = new Map(session.requests.list.value.map((request) => [request.id, request]))
  const requests = ids.map((id, index) => streamed.get(id) ?? loaded[index])
  const tookOf = (index: number) => requests[index]?.durationMs ?? 0
  const start = attempts[0]?.receivedAt ?? 0
  const end = Math.max(...attempts.map((one, index) => one.receivedAt + tookOf(index)))
  const width = Math.max(1, end - start)
  const percent = (ms: number) => `${(100 * ms) / width}%`
  return (
    <section class="card">
      <h2>
        {attempts.length === 1
          ? 'One attempt'
          : `${attempts.length} attempts in ${duration(width)}`}
      </h2>
      <ol class="attempts">
        {attempts.map((one, index) => {
          const before = attempts[index - 1]
          const pause = before && one.receivedAt - before.receivedAt - tookOf(index - 1)
          return (
            <li key={one.id} aria-current={one.id === shown ? 'true' : undefined}>
              <Link class="link mono" to={{ batch: one.id, request: null }}>
                {one.id}
              </Link>
              <span class="mono">{clock(one.receivedAt)}</span>
              <span class="faint">{pause === undefined ? '' : `after ${duration(pause)}`}</span>
              <span class={before || attempts[1] ? 'attempt-track' : ''} aria-hidden="true">
                <i
                  style={{
                    left: percent(one.receivedAt - start),
                    width: percent(tookOf(index)),
                  }}
                />
              </span>
              <span class="mono numeric">{took(requests[index])}</span>
              <Answer answer={one.answer} />
              <span>{one.fault && <span class="tag warning">fault {one.fault}</span>}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function took(request: RequestSummary | null | undefined): string {
  return request ? duration(request.durationMs) : ''
}
