import type { EventRecord } from '#mock-moesif/client/index.ts'
import { address, go } from '../live/address.ts'
import { plural } from '../text/format.ts'
import { useLoaded } from '../batches/use-loaded.ts'
import { decoded } from './decoded.ts'
import { readEvent } from '../wire/read-event.ts'
import { visible } from '../text/captured-text.tsx'
import { LongText } from '../text/long-text.tsx'
import { type Difference, differences } from './diff.ts'
import { isExpected } from './expected.ts'

/** Two events, field by field; only the differences. */
export function Compare({ event }: { event: EventRecord }) {
  const otherId = address.value.compare
  const { value: other, problem } = useLoaded(
    async (signal) => otherId && readEvent(otherId, signal),
    [otherId],
  )
  if (problem) return <p class="detail-problem">{problem}</p>
  if (!other) return null

  const all = differences(decoded(other.event), decoded(event.event))
  const found = all.filter(({ pointer }) => !isExpected(pointer))
  const always = all.filter(({ pointer }) => isExpected(pointer))
  return (
    <section class="compare" aria-label="Comparison">
      <header>
        <h3>
          Event {other.id} and event {event.id}:{' '}
          {found.length === 0 ? 'no difference' : plural(found.length, 'difference')}
        </h3>
        <button type="button" onClick={() => go({ compare: null })}>
          Leave comparison
        </button>
      </header>
      {found.length > 0 && <Differences found={found} left={other.id} right={event.id} />}
      {always.length > 0 && (
        <details>
          <summary>{plural(always.length, 'difference')} that any two have</summary>
          <Differences found={always} left={other.id} right={event.id} />
        </details>
      )}
    </section>
  )
}

function Differences(props: { found: Difference[]; left: number; right: number }) {
  return (
    <table class="mono">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Event {props.left}</th>
          <th scope="col">Event {props.right}</th>
        </tr>
      </thead>
      <tbody>
        {props.found.map(({ pointer, left, right }) => (
          <tr key={pointer}>
            <th scope="row">{visible(pointer || '(event)')}</th>
            <td class={left === undefined ? 'absent' : 'left'}>
              <LongText text={written(left)} />
            </td>
            <td class={right === undefined ? 'absent' : 'right'}>
              <LongText text={written(right)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function written(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1)
  return text.length > 4000 ? `${text.slice(0, 4000)}…` : text
}
