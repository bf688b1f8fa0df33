import { inflateSync } from 'node:zlib'
import { Status } from './abi.ts'
import type { HeaderInput, HeaderValue } from './header-map.ts'

/** A proxy_http_call, as the cluster's endpoint would see it. */
export interface HttpCall {
  readonly cluster: string
  readonly headers: Record<string, string>
  readonly trailers: Record<string, string>
  readonly body: Uint8Array
  readonly timeoutMs: number
  /** Emulated time, Unix ms. */
  readonly at: number
  readonly thread: string
  /** `refused`: the host call itself failed. `cancelled`: its root context or VM went before the answer came. */
  state: 'pending' | 'answered' | 'cancelled' | 'refused'
  /** What was scripted for it. */
  answer: Answer
}

export type Answer =
  | {
      status: number
      headers?: HeaderInput
      body?: HeaderValue
      trailers?: HeaderInput
      delayMs?: number
    }
  /** The host call answers this and no callback comes: 10 for no healthy host or overflow, 2 for an unknown cluster. */
  | { refuse: typeof Status.BadArgument | typeof Status.InternalFailure }
  /** Envoy answers 503 itself, in the words it has for it. */
  | { unreachable: 'connection-refused' | 'connect-timeout' | 'terminated'; delayMs?: number }
  /** Reset after the response headers: the callback comes with 0 headers. */
  | { reset: true; delayMs?: number }
  /** No answer: Envoy's 504 when the call has a timeout, else nothing ever. */
  | { silent: true }

export type Script = Answer | ((call: HttpCall) => Answer)

/**
 * The far end of every http_call: records calls, answers as scripted. Unscripted, a POST is answered 201 and anything
 * else 200 with `{}`, both when the clock next advances (by 0 ms is enough).
 *
 * @example
 * emulator.collector.answerNext({ status: 503 }, { status: 429, headers: { 'retry-after': '2' } })
 * emulator.collector.answerAlways({ unreachable: 'connection-refused' })
 */
export class Collector {
  readonly calls: HttpCall[] = []
  /** Clusters that exist; null lets any name through. */
  clusters: ReadonlySet<string> | null = null
  #always: Script = (call) =>
    call.headers[':method'] === 'POST' ? { status: 201 } : { status: 200, body: '{}' }
  #next: Script[] = []

  answerAlways(script: Script): void {
    this.#always = script
  }

  /** For the next calls, one each; then what `answerAlways` said. */
  answerNext(...scripts: Script[]): void {
    this.#next.push(...scripts)
  }

  /** Events of every POST that was answered 2xx (or will be), in order of sending. */
  events(): unknown[] {
    return this.calls
      .filter(({ state, answer }) => state !== 'refused' && 'status' in answer && ok(answer.status))
      .flatMap(eventsOf)
  }

  /** @internal */
  take(call: HttpCall): Answer {
    const script = this.#next.shift() ?? this.#always
    call.answer = typeof script === 'function' ? script(call) : script
    if ('refuse' in call.answer) call.state = 'refused'
    this.calls.push(call)
    return call.answer
  }
}

/** The events in the body of a call; none when it does not post events. Throws when the body is not JSON. */
export function eventsOf(call: HttpCall): unknown[] {
  if (call.headers[':method'] !== 'POST') return []
  const deflated = call.headers['content-encoding'] === 'deflate'
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    deflated ? inflateSync(call.body) : call.body,
  )
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed : [parsed]
}

function ok(status: number): boolean {
  return status >= 200 && status < 300
}
