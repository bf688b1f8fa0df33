import { Status } from '../abi/constants.ts'
import { requireDuration } from './option-checks.ts'
import type { HeaderInput, HeaderValue } from '../abi/header-map.ts'

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
  /** Envoy answers 503 itself, with its own text. */
  | { unreachable: 'connection-refused' | 'connect-timeout' | 'terminated'; delayMs?: number }
  /** Reset after the response headers: the callback comes with 0 headers. */
  | { reset: true; delayMs?: number }
  /** No answer: Envoy's 504 when the call has a timeout, else nothing ever. */
  | { silent: true }
  /** The callback never comes, whatever the timeout. In Envoy it always does. */
  | { lost: true }

export type Script = Answer | ((call: HttpCall) => Answer)

/**
 * Answers every http_call, whichever cluster it goes to, as scripted, and records it. Unscripted, a call is
 * answered 200 without a body when the clock next advances (by 0 ms is enough).
 *
 * @example
 * emulator.callouts.answerNext({ status: 503 }, { status: 429, headers: { 'retry-after': '2' } })
 * emulator.callouts.answerAlways({ unreachable: 'connection-refused' })
 */
export class Callouts {
  readonly calls: HttpCall[] = []
  /** Clusters that exist; null lets any name through. */
  clusters: ReadonlySet<string> | null = null
  #always: Script = { status: 200 }
  #next: Script[] = []

  answerAlways(script: Script): void {
    this.#always = checked(script)
  }

  /** For the next calls, one each; then what `answerAlways` said. */
  answerNext(...scripts: Script[]): void {
    this.#next.push(...scripts.map(checked))
  }

  /** @internal */
  take(call: HttpCall): Answer {
    const script = this.#next.shift() ?? this.#always
    call.answer = typeof script === 'function' ? checked(script(call)) : script
    if ('refuse' in call.answer) call.state = 'refused'
    this.calls.push(call)
    return call.answer
  }
}

/** @throws where its delay is none, here rather than in the middle of a callback */
function checked<T extends Script>(script: T): T {
  if ('delayMs' in script && script.delayMs !== undefined) {
    requireDuration('The delayMs of an answer', script.delayMs as number)
  }
  return script
}
