import { inflateSync } from 'node:zlib'
import type { Callouts, HttpCall, Script } from '#sandbox/emulator/index.ts'

/** Moesif's end of the plugin's calls: a POST is answered 201 unless told otherwise, anything else 200 with `{}`. */
export class Collector {
  readonly #callouts: Callouts

  constructor(callouts: Callouts) {
    this.#callouts = callouts
    this.answerAlways((call) =>
      call.headers[':method'] === 'POST' ? { status: 201 } : { status: 200, body: '{}' },
    )
  }

  get calls(): HttpCall[] {
    return this.#callouts.calls
  }

  get clusters(): Callouts['clusters'] {
    return this.#callouts.clusters
  }

  /** Clusters that exist; null lets any name through. */
  set clusters(names: Callouts['clusters']) {
    this.#callouts.clusters = names
  }

  answerAlways(script: Script): void {
    this.#callouts.answerAlways(script)
  }

  /** For the next calls, one each; then what `answerAlways` said. */
  answerNext(...scripts: Script[]): void {
    this.#callouts.answerNext(...scripts)
  }

  /** Events of every POST that was answered 2xx (or will be), in order of sending. */
  events(): unknown[] {
    return this.calls
      .filter(({ state, answer }) => state !== 'refused' && 'status' in answer && ok(answer.status))
      .flatMap(eventsOf)
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
