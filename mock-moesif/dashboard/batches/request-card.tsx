import type { RequestRecord } from '#mock-moesif/client/index.ts'
import { Pairs } from '../controls/pairs.tsx'
import { LongText } from '../text/long-text.tsx'
import { bytes, duration } from '../text/format.ts'
import { Answer } from './answer.tsx'

/** A request as the collector got it. */
export function RequestCard({ request }: { request: RequestRecord }) {
  const { method, path, headers, wireBytes, answer, fault, durationMs, bodyKept } = request
  return (
    <section class="card">
      <h2>Request</h2>
      <p class="mono">
        {method} <LongText text={path} />
      </p>
      <p>
        <Answer answer={answer} /> in {duration(durationMs)}
        {answer === null && ', the connection was broken'}. {bytes(wireBytes)} on the wire{' '}
        {fault && <span class="tag warning">by a fault that is set here: {fault}</span>}
      </p>
      {bodyKept && notKept[bodyKept] && <p class="faint">{notKept[bodyKept]}</p>}
      <Pairs entries={Object.entries(headers)} />
    </section>
  )
}

const notKept: Partial<Record<string, string>> = {
  unread: 'Its body was not read.',
  dropped: 'Its body is no longer kept: newer ones took its room.',
}
