import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { EventRecord, SentRequest } from '#mock-moesif/client/index.ts'
import { requestToRepeat } from '../privacy/request-to-repeat.ts'
import { whenRaw } from '../live/raw-event.ts'
import { go } from '../live/address.ts'
import { gateway } from '../live/gateway.ts'
import { messageOf } from '../live/notices.ts'
import { bytes, duration } from '../text/format.ts'
import { ask } from '../wire/mock.ts'
import { editable, type EditedRequest, requestToSend } from './request-text.ts'
import { sendingAgain } from './sending.ts'

/** Longer than the plugin takes to send a batch. */
const eventWaitMs = 20_000

/** The open event's request, to be changed and sent through the gateway; then its event beside this one. */
export function SendAgain({ event }: { event: EventRecord }) {
  const edited = useSignal<EditedRequest | null>(null)
  const state = useSignal<{ busy: boolean; text: string; bad: boolean }>({
    busy: false,
    text: '',
    bad: false,
  })
  const first = useRef<HTMLInputElement>(null)
  const remark = useSignal<string | null>(null)
  useEffect(() => {
    void whenRaw().then((raw) => {
      const captured = requestToRepeat(event, raw)
      edited.value = editable(captured)
      remark.value = captured.remark
      return undefined
    })
  }, [event.id])
  useEffect(() => first.current?.focus(), [edited.value === null])
  const change = (part: Partial<EditedRequest>) => {
    if (edited.value) edited.value = { ...edited.value, ...part }
  }
  const say = (text: string, { busy = false, bad = false } = {}) =>
    (state.value = { text, busy, bad })

  const send = async () => {
    if (!edited.value) return
    const request = requestToSend(edited.value)
    if (typeof request === 'string') return void say(request, { bad: true })
    say('Sending…', { busy: true })
    try {
      const sent = await ask('POST /_mock/gateway/requests', { body: request })
      say(`${answerOf(sent)} Its event is on the way…`, { busy: true })
      const filter = `request.header.x-mock-moesif-send:${sent.mark}`
      const {
        events: [recorded],
      } = await ask('GET /_mock/events/await', {
        query: { filter, count: 1, timeout: eventWaitMs },
        accept: [422],
      })
      if (sendingAgain.peek() !== event.id) return undefined
      if (!recorded) return void say(`${answerOf(sent)} ${noEvent}`, { bad: true })
      close()
      go({ event: recorded.id, compare: event.id })
      document.querySelector<HTMLElement>('.detail')?.focus()
    } catch (reason) {
      say(messageOf(reason), { bad: true })
    }
    return undefined
  }

  const request = edited.value
  if (gateway.value === null) {
    return (
      <section class="send" aria-label="Send again">
        <p>
          No gateway is configured. The sandbox (<code>npm start</code>) registers its Envoy; for a
          mock of your own pass <code>--gateway-listener</code> and <code>--gateway-admin</code>.
        </p>
        <button type="button" onClick={close}>
          Close
        </button>
      </section>
    )
  }
  if (!request) return null
  const { busy, text, bad } = state.value
  return (
    <form
      class="send"
      aria-label="Send again"
      onSubmit={(submitted) => {
        submitted.preventDefault()
        void send()
      }}
    >
      <header>
        <h3>Send again</h3>
        <span class="faint">
          through <span class="mono">{gateway.value?.listenerUrl}</span>
        </span>
      </header>
      <div class="send-line">
        <label>
          Method
          <input
            ref={first}
            class="mono"
            value={request.method}
            onInput={({ currentTarget }) => change({ method: currentTarget.value })}
          />
        </label>
        <label>
          Path
          <input
            class="mono"
            value={request.target}
            onInput={({ currentTarget }) => change({ target: currentTarget.value })}
          />
        </label>
      </div>
      <label>
        Headers
        <textarea
          class="mono"
          rows={Math.min(14, request.headers.split('\n').length + 1)}
          spellcheck={false}
          value={request.headers}
          onInput={({ currentTarget }) => change({ headers: currentTarget.value })}
        />
      </label>
      {request.body === null ? (
        <p class="faint">
          The body is binary: its {bytes(request.bytes?.length ?? 0)} are sent as they are.
        </p>
      ) : (
        <label>
          Body
          <textarea
            class="mono"
            rows={Math.min(16, request.body.split('\n').length + 1)}
            spellcheck={false}
            value={request.body}
            onInput={({ currentTarget }) => change({ body: currentTarget.value })}
          />
        </label>
      )}
      {remark.value && <p class="remark warning">{remark.value}</p>}
      <footer>
        <button type="submit" class="primary" disabled={busy}>
          Send
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
        <span class={bad ? 'off' : 'faint'} role="status">
          {text}
        </span>
      </footer>
    </form>
  )
}

function close(): void {
  sendingAgain.value = null
}

const noEvent = `No event came in ${eventWaitMs / 1000} s: is the plugin in this gateway, and does it send to this mock?`

function answerOf({ status, durationMs, bodyBytes }: SentRequest): string {
  return `The gateway answered ${status} in ${duration(durationMs)} with ${bytes(bodyBytes)}.`
}
