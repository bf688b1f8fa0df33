import { chunksOf, finishResponse, routeRequest, requestMap, responseMap } from './envoy-headers.ts'
import type { ExchangeScript } from './exchange-script.ts'
import { HeaderMap } from '../abi/header-map.ts'
import { HttpStream, type Message, type StreamObserver } from './http-stream.ts'
import type { Side } from '../contexts/filter.ts'
import type { Stream } from '../contexts/stream.ts'
import type { LocalResponse } from '../vm/context.ts'
import type { StreamFacts } from '../contexts/stream-facts.ts'

/**
 * A whole exchange that runs its script in the order of callbacks measured in Envoy 1.40:
 * - no body: the headers end the stream and there is no body callback;
 * - HTTP/1.1 and HTTP/3: after the chunks comes an empty one that ends the stream; HTTP/2: the last chunk ends it;
 * - with trailers no body chunk ends the stream;
 * - an upgrade (101) first sends one empty chunk in each direction, and never an end.
 *
 * It runs to its end at once, unless a filter holds it: then it continues when the filter does, from a tick or the answer to an
 * http_call that `emulator.advance(…)` delivers.
 */
export class Exchange implements StreamObserver {
  /** The filters' streams, in the order of the chain. */
  readonly streams: readonly Stream[]
  readonly #script: ExchangeScript
  readonly #http: HttpStream
  /** The upstream answers once the whole scripted request has reached it. */
  #asked = false
  #answered = false
  #requestSent = false
  #responseSent = false
  /** `worker.exchange` has not returned yet: only then the exchange itself moves the clock. */
  #isStarting = true

  constructor(streams: readonly Stream[], script: ExchangeScript) {
    this.streams = streams
    this.#script = script
    this.#http = new HttpStream(streams, this, script.bufferLimit ?? DEFAULT_BUFFER_LIMIT)
    prepareFacts(this.stream, script)
    this.#start()
    this.#isStarting = false
  }

  /** The stream of the first filter. */
  get stream(): Stream {
    return this.streams[0] as Stream
  }

  /** The request as it reached the upstream, after all filters; null when it did not. */
  get upstreamRequest(): Message | null {
    return this.#http.upstreamRequest
  }

  /** The response as it reached the client; null when none did. */
  get response(): Message | null {
    return this.#http.downstreamResponse
  }

  /** What the client got from a filter, or from Envoy in its place (it trapped, it held too much): `details` says which. */
  get localReply(): LocalResponse | null {
    return this.#http.localReply
  }

  /** The side that a filter holds back. */
  get heldAt(): Side | null {
    if (this.isOver) return null
    if (this.#http.response.heldBy) return 'response'
    return this.#http.request.heldBy ? 'request' : null
  }

  /** on_log, on_done and on_delete have been called. */
  get isOver(): boolean {
    return this.#http.isOver
  }

  /** Why it is over: `closed by a filter`, say. */
  get end(): HttpStream['end'] {
    return this.#http.end
  }

  /** Disconnects the client, e.g. while a filter holds its request. */
  clientLeaves(): void {
    if (this.isOver) return
    const { facts } = this.stream
    Object.assign(facts, disconnected(facts.protocol), this.#script.facts)
    this.#http.finish('client left')
  }

  /** @internal */
  onRouted(map: HeaderMap): void {
    if (this.#script.response?.localReply === 'while-decoding') this.#http.request.aborted = true
    else routeRequest(map, this.#script)
  }

  /** @internal */
  onResponse(map: HeaderMap, local: boolean): void {
    finishResponse(map, this.#script, this.stream.vm.host.clock.now, local)
  }

  /** @internal Something passed, or the stream is over. */
  onProgress(): void {
    if (this.isOver) return
    if (this.#requestSent && !this.#asked && this.#reachedUpstream) {
      this.#asked = true
      this.#waitForAnswer()
    }
    if (this.#responseSent && !this.#http.response.heldBy && !this.#http.localReply) {
      this.#http.finish('cut off')
    }
  }

  /** All of the request that the script has. */
  get #reachedUpstream(): boolean {
    const { upstreamRequest, request } = this.#http
    return upstreamRequest !== null && (upstreamRequest.complete || request.heldBy === null)
  }

  #start(): void {
    const { request = {}, response = {} } = this.#script
    const map = requestMap(this.#script)
    if (this.#script.refusedBeforeFilter) return this.#refuse(map)
    const isUpgrade = response?.status === 101
    const { body, trailers, unfinished = false } = request
    const bodyless = body === undefined && !trailers && !unfinished && !isUpgrade
    this.#http.sendRequestHeaders(map, bodyless)
    if (isUpgrade) this.#http.sendRequestBody(noBytes, false)
    else if (!bodyless) {
      const last = trailers || unfinished ? 'open' : this.stream.facts.protocol
      playBody(chunksOf(body ?? []), last, (chunk, end) => this.#http.sendRequestBody(chunk, end))
      if (trailers) this.#http.sendRequestTrailers(HeaderMap.from(trailers).copy())
    }
    this.#requestSent = true
    this.onProgress()
  }

  /** An earlier filter or the codec refused it: only the end is seen. */
  #refuse(map: HeaderMap): void {
    const { clock } = this.stream.vm.host
    const { facts } = this.stream
    clock.advance(this.#script.durationMs ?? 0)
    const sent = responseMap(this.#script)
    if (sent.size > 0) {
      facts.responseCode ??= this.#script.response?.status ?? 200
      finishResponse(sent, this.#script, clock.now, false)
    }
    const responseTrailers = this.#script.response?.trailers ?? {}
    this.#http.finish('response', { requestHeaders: map, responseHeaders: sent, responseTrailers })
  }

  #waitForAnswer(): void {
    const { clock } = this.stream.vm.host
    const { durationMs = 0 } = this.#script
    if (this.#isStarting) {
      clock.advance(durationMs)
      this.#answer()
    } else if (durationMs === 0) this.#answer()
    else clock.after(durationMs, () => this.#answer())
  }

  #answer(): void {
    const { request = {}, response = {} } = this.#script
    if (this.isOver || this.#answered) return
    this.#answered = true
    if (!response) return this.clientLeaves()
    const { body, trailers, unfinished = false, status = 200 } = response
    const isUpgrade = status === 101
    const bodyless =
      request.method === 'HEAD' ||
      status === 204 ||
      status === 304 ||
      (body === undefined && !trailers && !unfinished && !isUpgrade)
    this.#http.sendResponseHeaders(responseMap(this.#script), bodyless)
    if (isUpgrade) this.#playFrames()
    else if (!bodyless) {
      const endsOnLastChunk = response.localReply ? 'HTTP/2' : this.stream.facts.protocol
      const last = trailers || unfinished ? 'open' : endsOnLastChunk
      playBody(chunksOf(body ?? []), last, (chunk, end) => this.#http.sendResponseBody(chunk, end))
      if (trailers) this.#http.sendResponseTrailers(HeaderMap.from(trailers).copy())
    }
    this.#responseSent = true
    this.onProgress()
  }

  #playFrames(): void {
    this.#http.sendResponseBody(noBytes, false)
    for (const frame of chunksOf(this.#script.request?.body ?? [])) {
      this.#http.sendRequestBody(frame, false)
    }
    for (const frame of chunksOf(this.#script.response?.body ?? [])) {
      this.#http.sendResponseBody(frame, false)
    }
  }
}

/** Envoy's `per_connection_buffer_limit_bytes` where none is configured. */
const DEFAULT_BUFFER_LIMIT = 1_048_576

function prepareFacts(stream: Stream, script: ExchangeScript): void {
  const { facts } = stream
  if (script.protocol) facts.protocol = script.protocol
  if (script.response?.localReply) facts.upstreamAddress = null
  Object.assign(facts, script.facts)
  for (const [path, value] of Object.entries(script.properties ?? {})) {
    facts.overrides.set(path, value)
  }
}

/** What Envoy reports of a client that disconnected. */
const disconnected = (protocol: string): Partial<StreamFacts> =>
  protocol === 'HTTP/2'
    ? { codeDetails: 'http2.remote_reset', responseFlags: 268435456 }
    : { codeDetails: 'downstream_remote_disconnect', responseFlags: 16384 }

function playBody(
  chunks: Uint8Array[],
  last: string,
  send: (chunk: Uint8Array, endOfStream: boolean) => void,
): void {
  const lastChunkEnds = last === 'HTTP/2' && chunks.length > 0
  for (const [index, chunk] of chunks.entries()) {
    const ends = lastChunkEnds && index === chunks.length - 1
    if (chunk.length > 0 || ends) send(chunk, ends)
  }
  if (last !== 'open' && !lastChunkEnds) send(noBytes, true)
}

const noBytes = new Uint8Array(0)
