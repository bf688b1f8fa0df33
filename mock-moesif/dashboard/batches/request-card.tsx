import type { RequestSummary } from '#mock-moesif/client/index.ts'
import { Pairs } from '../controls/pairs.tsx'
import { LongText } from '../text/long-text.tsx'
import { bytes, duration } from '../text/format.ts'
import { Answer } from './answer.tsx'

/** A request as the collector got it. */
export function RequestCard({ request }: { request: RequestSummary }) {
  const { method, path, headers, wireBytes, answer, fault, durationMs, bodyKept } = request
  return (
    <section class="card">
      <h2>Request</h2>
      <p class="mono">
        {method} <LongText text={path} />
      </p>
      <p>
        <Answer answer={answer} /> in {duration(durationMs)}: {reasonOf(request)}.{' '}
        {bytes(wireBytes)} on the wire {fault && <span class="tag warning">fault {fault}</span>}
      </p>
      {bodyKept && notKept[bodyKept] && <p class="faint">{notKept[bodyKept]}</p>}
      <Pairs
        entries={Object.entries(headers).map(([name, value]) => [name, <LongText text={value} />])}
      />
    </section>
  )
}

const notKept: Partial<Record<string, string>> = {
  unread: 'Its body was not read.',
  dropped: 'Its body is no longer kept: newer ones took its room.',
}

/** What the answer means to the sender. */
function reasonOf({ answer, fault }: RequestSummary): string {
  if (fault) return 'by a fault that is set here'
  switch (answer) {
    case null:
      return 'the connection was broken'
    case 400:
      return 'the body is not what the collector takes: see it below'
    case 401:
    case 403:
      return 'the application id is missing, or not known here'
    case 404:
      return 'there is no such path: is base_uri right?'
    case 413:
      return 'too large'
    default:
      return answer < 300 ? 'accepted' : 'refused'
  }
}
