import type { RequestSummary } from '#mock-moesif/client/index.ts'
import { Pairs } from '../controls/pairs.tsx'
import { visible } from '../text/captured-text.tsx'
import { bytes, duration } from '../text/format.ts'
import { Answer } from './answer.tsx'

/** A request as the collector got it. */
export function RequestCard({ request }: { request: RequestSummary }) {
  const { method, path, headers, wireBytes, answer, fault, durationMs } = request
  return (
    <section class="card">
      <h2>Request</h2>
      <p class="mono">
        {method} {visible(path)}
      </p>
      <p>
        <Answer answer={answer} /> {reasonOf(request)} in {duration(durationMs)}, {bytes(wireBytes)}{' '}
        on the wire {fault && <span class="tag warning">fault {fault}</span>}
      </p>
      <Pairs entries={Object.entries(headers).map(([name, value]) => [name, visible(value)])} />
    </section>
  )
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
      return 'the application id is not welcome'
    case 404:
      return 'there is no such path: is base_uri right?'
    case 413:
      return 'too large'
    default:
      return answer < 300 ? 'accepted' : 'refused'
  }
}
