import { signal } from '@preact/signals'
import type { EventRecord } from '#mock-moesif/client/index.ts'
import { asText } from '../captured/event-shape.ts'
import { optionsOf } from '../live/gateway.ts'
import { CapturedText } from '../text/captured-text.tsx'
import { sentFields } from './sent-fields.ts'

/** Events are shown field by field, with what was sent of each. */
export const showingSentFields = signal(false)

const excerptLength = 160
const unseen = ['request_header_masks', 'response_header_masks'] as const

/** Every field of one event: whether it was sent, masked or left out, and which options decide that. */
export function SentFields({ event }: { event: EventRecord }) {
  const options = optionsOf(event.applicationId)
  return (
    <section class="sent-fields" aria-label="What left">
      <p class="faint">
        {options
          ? 'Options as the gateway has them now; those not given have their default.'
          : 'The options of this gateway are not known.'}
      </p>
      <table>
        <thead>
          <tr>
            <th>Field</th>
            <th>Left as</th>
            <th>Governed by</th>
          </tr>
        </thead>
        <tbody>
          {sentFields(event.event).map(({ field, state, text, options: names }, index) => (
            // A header may repeat, so the index is the key.
            <tr key={index}>
              <th scope="row" class="mono">
                <CapturedText text={field} />
              </th>
              <td>
                <b class={`state ${state === 'sent' || state === 'not sent' ? '' : 'kept-in'}`}>
                  {state}
                </b>{' '}
                <span class="mono">
                  <CapturedText text={excerpt(text)} />
                </span>
              </td>
              <td class="mono">
                <Governing names={names} options={options} />
              </td>
            </tr>
          ))}
          {unseen.map((name) => {
            const masks = options?.[name]
            return Array.isArray(masks) && masks.length > 0 ? (
              <tr key={name}>
                <th scope="row" class="mono">
                  {name.slice(0, name.indexOf('_'))}.headers
                </th>
                <td>
                  <b class="state kept-in">left out</b> any that {name} names
                </td>
                <td class="mono">
                  <Governing names={[name]} options={options} />
                </td>
              </tr>
            ) : null
          })}
        </tbody>
      </table>
    </section>
  )
}

/** With known options those that were given; without, or when none was, all that there are. */
function Governing(props: { names: string[]; options: Record<string, unknown> | null }) {
  const { names, options } = props
  if (names.length === 0) return <span class="faint">always sent</span>
  const given = names.filter((name) => options?.[name] !== undefined)
  if (given.length === 0) return <span class="faint">{names.join(', ')}</span>
  return (
    <>
      {given.map((name) => (
        <div key={name}>
          {name}: <CapturedText text={excerpt(listed(options?.[name]))} />
        </div>
      ))}
    </>
  )
}

const listed = (value: unknown): string =>
  Array.isArray(value) ? value.map(asText).join(', ') : asText(value)

const excerpt = (text: string): string =>
  text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text
