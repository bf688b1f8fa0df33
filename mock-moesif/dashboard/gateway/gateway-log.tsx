import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { LogLine } from '#mock-moesif/client/index.ts'
import { visible } from '../text/captured-text.tsx'
import { ask } from '../wire/mock.ts'

const everyMs = 1000
const mostLines = 700

/** The end of Envoy's log, if the process that started Envoy passes it on; shows only the plugin's lines at first. */
export function GatewayLog() {
  const lines = useSignal<readonly LogLine[] | null>(null)
  const all = useSignal(false)
  const wanted = useSignal('')
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    let after = 0
    const closed = new AbortController()
    const read = async () => {
      try {
        const log = await ask('GET /_mock/gateway/log', { query: { after }, signal: closed.signal })
        // A mock that was started anew numbers its lines from 1.
        if (log.last < after) lines.value = []
        after = log.last
        if (log.lines.length > 0 || lines.peek() === null)
          lines.value = [...(lines.peek() ?? []), ...log.lines].slice(-mostLines)
      } catch {
        // The next poll asks again.
      }
    }
    void read()
    const timer = setInterval(() => void read(), everyMs)
    return () => {
      clearInterval(timer)
      closed.abort()
    }
  }, [])
  useLayoutEffect(() => {
    const element = box.current
    if (element && atEnd.current) element.scrollTop = element.scrollHeight
  }, [lines.value, all.value])
  if (!lines.value) return null
  const needle = wanted.value.toLowerCase()
  const shown = lines.value.filter(
    ({ plugin, text }) => (plugin || all.value) && text.toLowerCase().includes(needle),
  )
  return (
    <section class="card" aria-label="Log">
      <h2>
        Log{' '}
        {[false, true].map((whole) => (
          <button
            key={String(whole)}
            type="button"
            class="quiet"
            aria-pressed={all.value === whole}
            onClick={() => (all.value = whole)}
          >
            {whole ? 'Envoy' : 'Plugin'}
          </button>
        ))}
        <input
          type="search"
          class="small"
          placeholder="Find"
          aria-label="Find in the log"
          value={wanted.value}
          onInput={({ currentTarget }) => (wanted.value = currentTarget.value)}
        />
      </h2>
      <div
        ref={box}
        class="log mono"
        role="log"
        tabIndex={0}
        aria-label={all.value ? 'Log of Envoy' : 'Log of the plugin'}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          (atEnd.current = scrollTop + clientHeight > scrollHeight - 8)
        }
      >
        {shown.map(({ number, text }) => (
          <div key={number} class={toneOf(text)}>
            {visible(text, true)}
          </div>
        ))}
        {shown.length === 0 && (
          <p class="faint">
            {lines.value.length === 0
              ? 'Only the sandbox passes it on. With Docker Compose: docker compose logs envoy'
              : needle
                ? 'No line has this text.'
                : 'The plugin has logged nothing.'}
          </p>
        )}
      </div>
    </section>
  )
}

function toneOf(line: string): string {
  const level = /\[(warning|error|critical)\]/.exec(line)?.[1]
  return level === 'warning' ? level : level ? 'bad' : ''
}
