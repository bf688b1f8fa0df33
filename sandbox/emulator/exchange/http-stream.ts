import { HeaderMap } from '../abi/header-map.ts'
import { Iteration, type Destination } from './iteration.ts'
import type { Side } from '../contexts/filter.ts'
import type { FinalMaps, Stream, StreamLink } from '../contexts/stream.ts'
import type { LocalResponse } from '../vm/context.ts'
import type { StreamFacts } from '../contexts/stream-facts.ts'

/** A message as it left the filters: what the upstream, or the client, receives. */
export interface Message {
  headers: HeaderMap
  body: Uint8Array
  trailers: HeaderMap | null
  /** False where it was cut off, or has not ended yet. */
  complete: boolean
}

/** Called for what happens around the filters, as it happens. */
export interface StreamObserver {
  /** The request's headers reach the router, which may still change them. */
  onRouted(map: HeaderMap): void
  /** A response begins to leave; the last changes are made to its headers. */
  onResponse(map: HeaderMap, local: boolean): void
  /** Something that was held has been resumed, or the stream is over. */
  onProgress(): void
}

/**
 * An HTTP stream through a chain of filters, with what Envoy's filter manager does: it holds back what a filter pauses, runs
 * the response callbacks for a local reply, and ends the stream when the response was sent or the stream is closed.
 */
export class HttpStream implements StreamLink {
  readonly filters: readonly Stream[]
  readonly request: Iteration
  readonly response: Iteration
  /** What has reached the upstream so far; null before its headers did. */
  upstreamRequest: Message | null = null
  /** What has reached the client so far. */
  downstreamResponse: Message | null = null
  /** The reply of a filter, when that is what the client gets. */
  localReply: LocalResponse | null = null
  /** Why it ended; null while it is open. */
  end: 'response' | 'closed by a filter' | 'client left' | 'cut off' | null = null
  readonly #observer: StreamObserver
  readonly #facts: StreamFacts
  #prepared: LocalResponse | null = null

  constructor(filters: readonly Stream[], observer: StreamObserver, bufferLimit: number) {
    const [first] = filters
    if (!first) throw new Error('A stream needs at least one filter.')
    this.filters = filters
    this.#observer = observer
    this.#facts = first.facts
    this.request = new Iteration('request', filters, this.#upstream(), bufferLimit)
    const towardsClient = filters.toReversed()
    this.response = new Iteration('response', towardsClient, this.#downstream(), bufferLimit)
    for (const filter of filters) filter.link = this
  }

  get isOver(): boolean {
    return this.end !== null
  }

  resume(filter: Stream, side: Side): void {
    if (this.isOver) return
    const iteration = side === 'request' ? this.request : this.response
    iteration.resume(filter)
    this.#settle()
  }

  addTrailers(side: Side): HeaderMap {
    const iteration = side === 'request' ? this.request : this.response
    return iteration.addTrailers(new HeaderMap())
  }

  close(): void {
    if (this.isOver) return
    if (this.#facts.responseCode === null) this.#facts.codeDetails = 'wasm_close_stream'
    this.request.aborted = this.response.aborted = true
    this.finish('closed by a filter')
  }

  cutOff(): void {
    this.finish('cut off')
  }

  /** proxy_send_local_response, after the callback that called it. */
  sendLocalReply(reply: LocalResponse): void {
    if (this.isOver) return
    this.#facts.codeDetails = reply.details
    if (!this.upstreamRequest) this.#facts.upstreamAddress = null
    if (this.request.running > 0) {
      this.request.aborted = true
      this.#prepared ??= reply
    } else if (!this.response.headers) this.#replyThroughFilters(reply)
    else if (!this.downstreamResponse) this.#replyDirectly(reply)
    else {
      this.response.aborted = true
      this.finish('cut off')
    }
  }

  sendRequestHeaders(map: HeaderMap, endOfStream: boolean): void {
    if (!this.#requestIsOver) this.request.sendHeaders(map, endOfStream)
    this.#settle()
  }

  sendRequestBody(bytes: Uint8Array, endOfStream: boolean): void {
    this.#facts.requestBytes += bytes.length
    if (!this.#requestIsOver) this.request.sendBody(bytes, endOfStream)
    this.#settle()
  }

  sendRequestTrailers(map: HeaderMap): void {
    if (!this.#requestIsOver) this.request.sendTrailers(map)
    this.#settle()
  }

  sendResponseHeaders(map: HeaderMap, endOfStream: boolean): void {
    if (this.isOver || this.localReply) return
    this.#facts.responseCode = Number(map.text(':status') ?? 0)
    this.response.sendHeaders(map, endOfStream)
    this.#settle()
  }

  sendResponseBody(bytes: Uint8Array, endOfStream: boolean): void {
    if (this.isOver || this.localReply) return
    this.response.sendBody(bytes, endOfStream)
    this.#settle()
  }

  sendResponseTrailers(map: HeaderMap): void {
    if (this.isOver || this.localReply) return
    this.response.sendTrailers(map)
    this.#settle()
  }

  /** The last callbacks of every filter. */
  finish(end: NonNullable<HttpStream['end']>, final: FinalMaps = {}): void {
    if (this.isOver) return
    this.end = end
    const facts = this.#facts
    const sent = this.downstreamResponse?.headers ?? this.response.headers
    const maps: FinalMaps = {
      requestHeaders: final.requestHeaders ?? this.request.headers ?? facts.requestHeaders,
      responseHeaders: final.responseHeaders ?? sent ?? new HeaderMap(),
      responseTrailers: final.responseTrailers ?? this.response.trailers ?? new HeaderMap(),
    }
    for (const filter of this.filters) filter.link = null
    endStreams(this.filters, maps)
    this.#observer.onProgress()
  }

  get #requestIsOver(): boolean {
    return this.isOver || this.request.aborted || this.localReply !== null
  }

  #settle(): void {
    const reply = this.#prepared
    this.#prepared = null
    if (reply) this.#replyThroughFilters(reply)
    this.#observer.onProgress()
  }

  #replyThroughFilters(reply: LocalResponse): void {
    this.localReply = reply
    this.request.aborted = true
    const map = replyHeaders(reply, this.request.headers)
    const body = isGrpc(this.request.headers) ? noBytes : reply.body
    this.#facts.responseCode = Number(map.text(':status'))
    this.response.sendHeaders(map, body.length === 0)
    if (body.length > 0 && !this.response.aborted) this.response.sendBody(body, true)
  }

  /** The filters have seen another response already: this one bypasses them. */
  #replyDirectly(reply: LocalResponse): void {
    this.localReply = reply
    this.response.aborted = true
    const map = replyHeaders(reply, this.request.headers)
    this.#facts.responseCode = Number(map.text(':status'))
    const downstream = this.#downstream()
    downstream.headers(map, reply.body.length === 0)
    if (reply.body.length > 0) downstream.body(reply.body, true)
  }

  #upstream(): Destination {
    const message = (): Message => this.upstreamRequest as Message
    return {
      headers: (map, endOfStream) => {
        this.#observer.onRouted(map)
        this.upstreamRequest = {
          headers: map,
          body: noBytes,
          trailers: null,
          complete: endOfStream,
        }
      },
      body: (bytes, endOfStream) => append(message(), bytes, endOfStream),
      trailers: (map) => void Object.assign(message(), { trailers: map, complete: true }),
      overflow: () =>
        this.sendLocalReply(ownReply(413, 'Payload Too Large', 'request_payload_too_large')),
    }
  }

  #downstream(): Destination {
    const ended = (): void => this.finish('response')
    let takes: 'all' | 'headers' | 'nothing' = 'all'
    return {
      headers: (map, endOfStream) => {
        const status = Number(map.text(':status') ?? 0)
        this.#facts.responseCode = status
        this.#observer.onResponse(map, this.localReply !== null)
        this.#facts.responseHeaders = map
        const isUpgrade = status === 101 && !this.localReply
        const isHttp1 = this.#facts.protocol.startsWith('HTTP/1')
        if (!isUpgrade) takes = takenByClient(status, isHttp1, endOfStream)
        if (takes !== 'nothing') {
          const complete = endOfStream || (takes === 'headers' && isHttp1)
          this.downstreamResponse = { headers: map, body: noBytes, trailers: null, complete }
        }
        if (endOfStream) ended()
      },
      body: (bytes, endOfStream) => {
        this.#facts.responseBytes += bytes.length
        const response = this.downstreamResponse
        if (response && takes === 'all') append(response, bytes, endOfStream)
        if (endOfStream) ended()
      },
      trailers: (map) => {
        const response = this.downstreamResponse
        if (response && takes === 'all') Object.assign(response, { trailers: map, complete: true })
        ended()
      },
      overflow: () =>
        this.sendLocalReply(ownReply(500, 'Internal Server Error', 'response_payload_too_large')),
    }
  }
}

/**
 * What a client takes of a response that Envoy writes as the filter wants it. One without a final status of three digits is
 * refused; no body can follow 204 or 304: Envoy leaves it out over HTTP/1.1, over HTTP/2 it is an error of the protocol.
 */
function takenByClient(
  status: number,
  isHttp1: boolean,
  endOfStream: boolean,
): 'all' | 'headers' | 'nothing' {
  if (!(status >= 200 && status <= 999)) return 'nothing'
  if (endOfStream || (status !== 204 && status !== 304)) return 'all'
  return status === 204 && !isHttp1 ? 'nothing' : 'headers'
}

/** What Envoy answers instead of a filter. */
const ownReply = (status: number, text: string, details: string): LocalResponse => ({
  status,
  body: Buffer.from(text),
  headers: new HeaderMap(),
  details,
  grpcStatus: -1,
  byEnvoy: true,
})

/** Envoy's order: on_log of all filters in their order, then on_done and on_delete of each. */
function endStreams(filters: readonly Stream[], final: FinalMaps): void {
  const logged = filters.filter((filter) => filter.beginEnd(final))
  for (const filter of logged) filter.finishEnd()
}

const noBytes = new Uint8Array(0)

function append(message: Message, bytes: Uint8Array, endOfStream: boolean): void {
  if (bytes.length > 0) message.body = Buffer.concat([message.body, bytes])
  message.complete ||= endOfStream
}

const isGrpc = (request: HeaderMap | null): boolean =>
  /^application\/grpc($|[+;])/.test(request?.text('content-type') ?? '')

/** As Envoy prepares a local reply. A gRPC client gets 200 and the status among the headers. */
function replyHeaders(reply: LocalResponse, request: HeaderMap | null): HeaderMap {
  const map = new HeaderMap()
  const grpc = isGrpc(request)
  map.add(':status', grpc ? '200' : String(reply.status))
  for (const [name, value] of reply.headers) map.add(name, value)
  if (grpc) {
    map.assign('content-type', 'application/grpc')
    map.assign('grpc-status', String(grpcStatusOf(reply)))
    const message = Buffer.from(reply.body).toString()
    return message === '' ? map : map.assign('grpc-message', encodeURIComponent(message))
  }
  if (reply.body.length === 0) return map.delete('content-length').delete('content-type')
  map.assign('content-length', String(reply.body.length))
  if (!map.get('content-type')) map.add('content-type', 'text/plain')
  return map
}

/** @see https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
function grpcStatusOf({ grpcStatus, status }: LocalResponse): number {
  if (grpcStatus >= 0 && grpcStatus <= 16) return grpcStatus
  const byHttp: Record<number, number> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14 }
  if (status === 502 || status === 503 || status === 504) return 14
  return byHttp[status] ?? 2
}
