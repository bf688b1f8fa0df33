import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { TryAnswer } from '#mock-moesif/client/index.ts'
import { Link } from '../controls/link.tsx'
import { address } from '../live/address.ts'
import { messageOf } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'
import { TryResult } from './try-result.tsx'
import { callOf, type EditedCall, newCall, shownBody, specOf } from './try-call.ts'

/** A call against the documents as they are, answered by the plugin's own module: nothing passes a gateway. */
export function TryIt({ application }: { application: string }) {
  const form = useRef<HTMLFormElement>(null)
  const edited = useSignal(newCall())
  const state = useSignal<{ busy: boolean; problem: string; answer: TryAnswer | null }>({
    busy: false,
    problem: '',
    answer: null,
  })
  const wanted = address.value.try
  const fail = (reason: unknown) =>
    (state.value = { busy: false, problem: messageOf(reason), answer: null })
  const run = async () => {
    const spec = specOf(edited.peek())
    if (typeof spec === 'string') return void fail(spec)
    state.value = { ...state.peek(), busy: true, problem: '' }
    try {
      const answer = await ask('POST /_mock/try', { query: { app: application }, body: spec })
      state.value = { busy: false, problem: '', answer }
    } catch (reason) {
      fail(reason)
    }
    return undefined
  }
  const take = async (id: number) => {
    try {
      edited.value = callOf(await ask('GET /_mock/events/{id}', { path: { id } }))
      await run()
      form.current?.scrollIntoView({ block: 'start' })
    } catch (reason) {
      fail(reason)
    }
  }
  useEffect(() => {
    if (wanted !== null) void take(wanted)
  }, [wanted, application])

  const call = edited.value
  const field = (name: keyof EditedCall) => ({
    value: String(call[name]),
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      (edited.value = { ...edited.peek(), [name]: currentTarget.value }),
  })
  const { busy, problem, answer } = state.value
  return (
    <form
      ref={form}
      class="card rule-form"
      aria-label="Try it"
      onSubmit={(event) => {
        event.preventDefault()
        void run()
      }}
    >
      <header>
        <h2>Try it</h2>
        <span class="faint">
          A call against the documents as they are, through the plugin’s own module. Nothing is
          sent.
        </span>{' '}
        {call.event && (
          <Link to={{ view: 'events', event: call.event.id }}>From event {call.event.id}</Link>
        )}
      </header>
      <div class="form">
        <label>
          Method
          <input class="mono" {...field('verb')} />
        </label>
        <label class="wide-field">
          Path or URL
          <input class="mono" {...field('uri')} />
        </label>
        <label>
          User id
          <input class="mono" placeholder="nobody" {...field('user')} />
        </label>
        <label>
          Company id
          <input class="mono" placeholder="none" {...field('company')} />
        </label>
        <label>
          Client’s address
          <input class="mono" {...field('ip')} />
        </label>
        <label>
          Upstream answers
          <input class="mono" type="number" min="200" max="599" {...field('upstreamStatus')} />
        </label>
      </div>
      <div class="rule-answer">
        <div>
          <label>
            Request headers
            <textarea class="mono" rows={3} spellcheck={false} {...field('headers')} />
          </label>
          <label>
            Request body
            <textarea
              class="mono"
              rows={3}
              spellcheck={false}
              {...field('body')}
              value={shownBody(call)}
            />
          </label>
          <footer>
            <button type="submit" class="primary" disabled={busy}>
              Try
            </button>
            <span class="off" role="alert">
              {problem}
            </span>
          </footer>
        </div>
        <div role="status" aria-busy={busy}>
          {answer && <TryResult answer={answer} />}
        </div>
      </div>
    </form>
  )
}
