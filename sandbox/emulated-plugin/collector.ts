import { inflateSync } from 'node:zlib'
import type { Callouts, HttpCall, Script } from '#sandbox/emulator/index.ts'

/**
 * Answers the plugin's calls as Moesif would. A POST is answered 201 by default; a GET, which fetches a document, 200 with `{}`:
 * the two are scripted and recorded separately.
 *
 * @example
 * emulator.collector.answerFetches(({ headers }) => ({ status: 200, body: documents[headers[':path']] }))
 */
export class Collector {
  readonly #callouts: Callouts
  #always: Script = { status: 201 }
  readonly #next: Script[] = []
  #fetches: Script = { status: 200, body: '{}' }

  constructor(callouts: Callouts) {
    this.#callouts = callouts
    callouts.answerAlways((call) => {
      const script = isFetch(call) ? this.#fetches : (this.#next.shift() ?? this.#always)
      return typeof script === 'function' ? script(call) : script
    })
  }

  /** All but the fetches. */
  get calls(): HttpCall[] {
    return this.#callouts.calls.filter((call) => !isFetch(call))
  }

  /** Every GET: of `/v1/config`, or of `/v1/rules`. */
  get fetches(): HttpCall[] {
    return this.#callouts.calls.filter(isFetch)
  }

  get clusters(): Callouts['clusters'] {
    return this.#callouts.clusters
  }

  /** Clusters that exist; null lets any name through. */
  set clusters(names: Callouts['clusters']) {
    this.#callouts.clusters = names
  }

  /** Batches that come from now on. */
  answerAlways(script: Script): void {
    this.#always = script
  }

  /** For the next batches, one each; then what `answerAlways` said. */
  answerNext(...scripts: Script[]): void {
    this.#next.push(...scripts)
  }

  /** Fetches that come from now on. */
  answerFetches(script: Script): void {
    this.#fetches = script
  }

  /** Returns and forgets the calls so far. */
  takeCalls(): HttpCall[] {
    return this.#callouts.calls.splice(0)
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

function isFetch({ headers }: HttpCall): boolean {
  return headers[':method'] === 'GET'
}

function ok(status: number): boolean {
  return status >= 200 && status < 300
}
