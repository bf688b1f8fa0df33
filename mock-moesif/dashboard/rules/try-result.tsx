import type { TryAnswer } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { CapturedText, visible } from '../text/captured-text.tsx'

/** The verdict, what the client gets, and the event that Moesif would get. */
export function TryResult({ answer }: { answer: TryAnswer }) {
  const { status, headers, body } = answer.response
  const event = answer.event as { weight?: number } | null
  return (
    <>
      <p>
        <Verdict answer={answer} />
      </p>
      <p>{sampling(answer.kept, event?.weight)}</p>
      <pre class="block" aria-label="Answer">
        {visible(
          [
            `HTTP/1.1 ${status}`,
            ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
            ...(body === '' ? [] : ['', indented(body)]),
          ].join('\n'),
        )}
      </pre>
      {event && (
        <details>
          <summary>Its event</summary>
          <pre class="block">{visible(JSON.stringify(event, null, 2))}</pre>
        </details>
      )}
      {[...new Set(answer.messages)].map((message) => (
        <p key={message} class="remark warning">
          The plugin: {visible(message)}
        </p>
      ))}
    </>
  )
}

function Verdict({ answer: { blockedBy, reachedUpstream, marks } }: { answer: TryAnswer }) {
  if (blockedBy !== null)
    return (
      <>
        <strong class="off">Refused</strong> by{' '}
        <Link class="link mono" to={{ rule: blockedBy }}>
          <CapturedText text={blockedBy} />
        </Link>
      </>
    )
  return (
    <>
      <strong>{marks.length > 0 ? 'Marked' : 'Let through'}</strong>
      {marks.length > 0 && <> with {visible(marks.join(', '))}</>}
      {!reachedUpstream && ': it ended before the upstream'}
      {marks.length === 0 && reachedUpstream && ': no rule applies'}
    </>
  )
}

function sampling(kept: boolean, weight = 1): string {
  if (!kept) return 'Sampling drops its event; each try is sampled anew.'
  return weight === 1 ? 'Its event is sent.' : `Its event is sent with weight ${weight}.`
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
