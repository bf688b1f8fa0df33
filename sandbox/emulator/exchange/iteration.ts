import { Action } from '../abi/constants.ts'
import type { HeaderMap } from '../abi/header-map.ts'
import type { Body, Filter, Side } from '../contexts/filter.ts'

/** Where a message goes that passed all filters. */
export interface Destination {
  headers(map: HeaderMap, endOfStream: boolean): void
  body(bytes: Uint8Array, endOfStream: boolean): void
  trailers(map: HeaderMap): void
  /** A filter holds more of the body than Envoy keeps for it. */
  overflow(): void
}

interface Position {
  readonly filter: Filter
  /** `all`: held at the headers, no further callback comes. `body`: bodies and trailers still come to this filter. */
  held: 'no' | 'all' | 'body'
  passedHeaders: boolean
  /** Envoy shows the whole held body only after the answer 1 (StopIterationAndBuffer). */
  accumulates: boolean
  body: Body | null
}

/**
 * One direction of a stream through its filters, with Envoy's rules of holding back:
 * - headers: any action but Continue (and 2) holds all that follows; the body comes after the resumption;
 * - body: 1 holds the bytes and shows them whole next time, 2 holds them and shows single chunks, 3 throws the chunk away;
 * - trailers: any action but Continue holds them.
 * A later Continue of the same filter, or `resume`, releases everything that is held.
 */
export class Iteration {
  readonly side: Side
  headers: HeaderMap | null = null
  trailers: HeaderMap | null = null
  /** The sender has ended the message. */
  ended = false
  /** Nothing more passes: there was a local reply or a reset. */
  aborted = false
  /** A filter's callback of this direction is running. */
  running = 0
  readonly #positions: Position[]
  readonly #destination: Destination
  readonly #bufferLimit: number

  constructor(
    side: Side,
    filters: readonly Filter[],
    destination: Destination,
    bufferLimit: number,
  ) {
    this.side = side
    this.#bufferLimit = bufferLimit
    this.#destination = destination
    this.#positions = filters.map((filter) => ({
      filter,
      held: 'no',
      passedHeaders: false,
      accumulates: false,
      body: null,
    }))
  }

  /** The filter that holds this direction back, null when all has passed. */
  get heldBy(): Filter | null {
    return this.#positions.find(({ held }) => held !== 'no')?.filter ?? null
  }

  sendHeaders(map: HeaderMap, endOfStream: boolean): void {
    this.headers = map
    this.ended ||= endOfStream
    this.#headersFrom(0, endOfStream)
  }

  sendBody(bytes: Uint8Array, endOfStream: boolean): void {
    this.ended ||= endOfStream
    this.#bodyFrom(0, { bytes }, endOfStream)
  }

  sendTrailers(map: HeaderMap): void {
    this.ended = true
    this.trailers = map
    this.#trailersFrom(0)
  }

  /** Trailers that a filter adds to a message without any, while it looks at the end of the body. */
  addTrailers(map: HeaderMap): HeaderMap {
    return (this.trailers ??= map)
  }

  /** proxy_continue_stream: releases what the filter holds. */
  resume(filter: Filter): void {
    const index = this.#positions.findIndex((one) => one.filter === filter)
    const position = this.#positions[index]
    if (!position || this.aborted || !this.headers) return
    const wasHeldAtHeaders = position.held !== 'body'
    position.held = 'no'
    if (!position.passedHeaders) {
      position.passedHeaders = true
      this.#headersFrom(index + 1, this.ended && !position.body && !this.trailers)
    }
    const next = wasHeldAtHeaders ? index : index + 1
    const { body } = position
    position.body = null
    if (body && !this.aborted) this.#bodyFrom(next, body, this.ended && !this.trailers)
    if (this.trailers && !this.aborted) this.#trailersFrom(next)
  }

  #headersFrom(start: number, endOfStream: boolean): void {
    const map = this.headers as HeaderMap
    for (let index = start; index < this.#positions.length; index++) {
      const position = this.#positions[index] as Position
      const action = this.#run(() => position.filter.onHeaders(this.side, map, endOfStream))
      if (this.aborted) return
      if (action !== Action.Continue && action !== Action.Ignored) {
        position.held = 'all'
        return
      }
      // Resumed within its own callback: what follows was passed on already.
      if (position.passedHeaders) return
      position.passedHeaders = true
    }
    this.#destination.headers(map, endOfStream)
  }

  #bodyFrom(start: number, first: Body, last: boolean): void {
    let chunk = first
    let endOfStream = last
    let trailersFrom: number | null = null
    for (let index = start; index < this.#positions.length; index++) {
      const position = this.#positions[index] as Position
      if (position.held === 'all') {
        position.body = joined(position.body, chunk)
        return
      }
      let shown = chunk
      if (position.accumulates) {
        shown = joined(position.body, chunk)
        position.body = shown
      }
      const overflows = this.#isTooMuch(position)
      // Envoy resets a response before it shows the filter more; a request's filter sees what is answered 413.
      if (overflows && this.side === 'response') return this.#destination.overflow()
      const action = this.#run(() => position.filter.onBody(this.side, shown, endOfStream))
      if (this.aborted) return
      if (overflows) return this.#destination.overflow()
      if (endOfStream && this.trailers) {
        // Trailers that this filter added: they are for those behind it.
        endOfStream = false
        trailersFrom = index + 1
      }
      const held = position.accumulates ? position.body : joined(position.body, chunk)
      position.accumulates = false
      if (action !== Action.Continue) {
        position.held = 'body'
        position.accumulates = action === Action.Pause
        if (action === Action.Pause || action === Action.HoldChunks) position.body = held
        // The end of the message has to come after a resumption, too, though the chunk is thrown away.
        else if (endOfStream && !this.trailers) position.body ??= { bytes: noBytes }
        if (this.#isTooMuch(position)) this.#destination.overflow()
        return
      }
      if (position.held === 'body') {
        position.held = 'no'
        position.body = null
        chunk = held ?? chunk
      }
    }
    const { bytes } = chunk
    // A filter that held it may write to it again, which reaches nobody.
    chunk.bytes = noBytes
    this.#destination.body(bytes, endOfStream)
    if (trailersFrom !== null && !this.aborted) this.#trailersFrom(trailersFrom)
  }

  /** When a body is held chunk by chunk, Envoy stops reading instead. */
  #isTooMuch({ accumulates, body }: Position): boolean {
    return accumulates && (body?.bytes.length ?? 0) > this.#bufferLimit
  }

  #trailersFrom(start: number): void {
    const map = this.trailers as HeaderMap
    for (let index = start; index < this.#positions.length; index++) {
      const position = this.#positions[index] as Position
      if (position.held === 'all') return
      const action = this.#run(() => position.filter.onTrailers(this.side, map))
      if (this.aborted) return
      if (action !== Action.Continue) {
        position.held = 'body'
        return
      }
      const { body } = position
      position.held = 'no'
      position.accumulates = false
      position.body = null
      if (body) this.#bodyFrom(index + 1, body, false)
      if (this.aborted) return
    }
    this.#destination.trailers(map)
  }

  #run(callback: () => number): number {
    this.running++
    try {
      return callback()
    } finally {
      this.running--
    }
  }
}

const noBytes = new Uint8Array(0)

/** In the chunk that is new: it is what the filter was shown, and changes it while it holds it. */
function joined(held: Body | null, chunk: Body): Body {
  if (held)
    chunk.bytes = chunk.bytes.length === 0 ? held.bytes : Buffer.concat([held.bytes, chunk.bytes])
  return chunk
}
