import { Action, BufferType, MapType, Status, StreamType } from '../abi/constants.ts'
import type { Context, LocalResponse } from '../vm/context.ts'
import { HeaderMap, toBytes, type HeaderInput, type HeaderValue } from '../abi/header-map.ts'
import type { Body, Filter, Side } from './filter.ts'
import { MessageView } from './message-view.ts'
import { StreamFacts } from './stream-facts.ts'
import { streamProperty, type Phase, type PropertyBytes } from './stream-properties.ts'
import type { RootContext } from './root-context.ts'
import type { Vm } from '../vm/vm.ts'

export interface EndOfStream {
  endOfStream?: boolean
}

/** What on_log shows: by default what the callbacks showed. */
export interface FinalMaps {
  requestHeaders?: HeaderInput
  responseHeaders?: HeaderInput
  responseTrailers?: HeaderInput
}

/** The exchange that a stream belongs to; a stream that is driven callback by callback has none. */
export interface StreamLink {
  resume(filter: Stream, side: Side): void
  close(): void
  sendLocalReply(reply: LocalResponse): void
  /** The process ends. */
  cutOff(): void
  /** The trailers that a filter adds at the end of a body, or that are there. */
  addTrailers(side: Side): HeaderMap
}

/**
 * One stream of a plugin, callback by callback, in any order: no order is refused, since a plugin has to bear all.
 * `worker.exchange(…)` plays the right order. What Envoy would know meanwhile (properties) is in `facts`.
 */
export class Stream implements Context, Filter {
  readonly root: RootContext
  readonly facts: StreamFacts
  /** 0 until the first callback: Envoy makes the context when it needs it. */
  id = 0
  /** The first that the plugin gave, sent or not. */
  localResponse: LocalResponse | null = null
  /** Calls of proxy_continue_stream, for streams without an exchange. */
  readonly resumed: Side[] = []
  /** The plugin asked to close the stream. */
  closed = false
  /** @internal */
  link: StreamLink | null = null
  #phase: Phase = 'created'
  readonly #views = { request: new MessageView(), response: new MessageView() }
  /** What was shown or asked for last: Envoy answers to CallData with it. */
  #lastBuffer: Body = noBody
  #endOfStream = false
  #responseEnded = false
  /** The plugin is bypassed from the beginning: the VM had trapped, and the policy is FAIL_OPEN. */
  readonly #isSkipped: boolean
  #hasFailed = false
  readonly #onDelete: (stream: Stream) => void

  constructor(
    root: RootContext,
    onDelete: (stream: Stream) => void = () => {},
    facts: StreamFacts = new StreamFacts(root.vm.host.clock.now),
  ) {
    this.root = root
    this.facts = facts
    this.#onDelete = onDelete
    const { failurePolicy } = root.plugin
    this.#isSkipped = root.vm.trap !== null && failurePolicy === 'FAIL_OPEN'
  }

  get vm(): Vm {
    return this.root.vm
  }

  get phase(): Phase {
    return this.#phase
  }

  get isLogging(): boolean {
    return this.#phase === 'log'
  }

  requestHeaders(headers: HeaderInput, { endOfStream = false }: EndOfStream = {}): Action {
    return this.onHeaders('request', HeaderMap.from(headers), endOfStream)
  }

  requestBody(chunk: HeaderValue, { endOfStream = false }: EndOfStream = {}): Action {
    const bytes = toBytes(chunk)
    this.facts.requestBytes += bytes.length
    return this.onBody('request', { bytes }, endOfStream)
  }

  requestTrailers(trailers: HeaderInput): Action {
    return this.onTrailers('request', HeaderMap.from(trailers))
  }

  /** Sets `response.code` from `:status`. */
  responseHeaders(headers: HeaderInput, { endOfStream = false }: EndOfStream = {}): Action {
    const map = HeaderMap.from(headers)
    this.facts.responseCode = Number(map.text(':status') ?? 0)
    return this.onHeaders('response', map, endOfStream)
  }

  responseBody(chunk: HeaderValue, { endOfStream = false }: EndOfStream = {}): Action {
    const bytes = toBytes(chunk)
    this.facts.responseBytes += bytes.length
    return this.onBody('response', { bytes }, endOfStream)
  }

  responseTrailers(trailers: HeaderInput): Action {
    return this.onTrailers('response', HeaderMap.from(trailers))
  }

  /** @internal */
  onHeaders(side: Side, map: HeaderMap, endOfStream: boolean): Action {
    if (side === 'request') this.facts.requestHeaders = map
    else this.facts.responseHeaders = map
    this.#views[side].headers = map
    this.#saw(side, endOfStream)
    const ends = Number(endOfStream)
    const action = this.#call(`${side} headers`, `proxy_on_${side}_headers`, map.size, ends)
    if (action === Action.Continue || action === Action.Ignored) this.#views[side].headers = null
    return action
  }

  /** @internal */
  onBody(side: Side, shown: Body, endOfStream: boolean): Action {
    const view = this.#views[side]
    view.showBody(shown)
    this.#lastBuffer = shown
    this.#saw(side, endOfStream)
    const ends = Number(endOfStream)
    const action = this.#call(`${side} body`, `proxy_on_${side}_body`, shown.bytes.length, ends)
    if (action === Action.Pause) view.held = shown
    else if (action === Action.Continue) view.showBody(null)
    else view.loseBody()
    return action
  }

  /** @internal */
  onTrailers(side: Side, map: HeaderMap): Action {
    if (side === 'request') this.facts.requestTrailers = map
    else this.facts.responseTrailers = map
    this.#views[side].trailers = map
    if (side === 'response') this.#responseEnded = true
    const action = this.#call(`${side} trailers`, `proxy_on_${side}_trailers`, map.size)
    if (action === Action.Continue) this.#views[side].trailers = null
    return action
  }

  log(final: FinalMaps = {}): void {
    const { facts } = this
    facts.endedAt = this.vm.host.clock.now
    if (final.requestHeaders) facts.requestHeaders = HeaderMap.from(final.requestHeaders)
    if (final.responseHeaders) facts.responseHeaders = HeaderMap.from(final.responseHeaders)
    if (final.responseTrailers) facts.responseTrailers = HeaderMap.from(final.responseTrailers)
    this.#call('log', 'proxy_on_log')
  }

  /** The result of on_done is ignored for a stream. */
  done(): void {
    this.#call('done', 'proxy_on_done')
  }

  delete(): void {
    this.#call('done', 'proxy_on_delete')
    this.vm.contexts.delete(this.id)
    this.#onDelete(this)
  }

  /**
   * Envoy's order at the end of every stream: on_log, on_done, on_delete. A whole response over HTTP/3 is logged when its last
   * byte was acknowledged, which filters are not there to see: on_done, on_delete.
   */
  end(final: FinalMaps = {}): void {
    if (this.beginEnd(final)) this.finishEnd()
  }

  /** @internal on_log where Envoy has one; false when this stream was never there for the plugin. */
  beginEnd(final: FinalMaps): boolean {
    const isHttp3 = this.facts.protocol === 'HTTP/3'
    // Refused by an earlier filter: then no later filter sees it.
    if (isHttp3 && this.id === 0) {
      this.#onDelete(this)
      return false
    }
    if (!isHttp3 || !this.#responseEnded) this.log(final)
    return true
  }

  /** @internal */
  finishEnd(): void {
    this.done()
    this.delete()
  }

  headerMap(type: number): HeaderMap | null {
    return type > MapType.ResponseTrailers ? this.root.headerMap(type) : this.#readable(type)
  }

  #readable(type: number): HeaderMap | null {
    if (this.#phase !== 'log') return this.#shown(type)
    if (type === MapType.RequestHeaders) return this.facts.requestHeaders
    if (type === MapType.ResponseHeaders) return this.facts.responseHeaders
    return type === MapType.ResponseTrailers ? this.facts.responseTrailers : null
  }

  writableMap(type: number): HeaderMap | null {
    const shown = this.#shown(type)
    if (shown) return shown
    // Envoy makes trailers for a filter that wants to write some while it sees the end of a body.
    if (!this.#endOfStream) return null
    if (type === MapType.RequestTrailers) return this.#addTrailers('request')
    return type === MapType.ResponseTrailers ? this.#addTrailers('response') : null
  }

  buffer(type: number): Uint8Array | null {
    const buffer = this.#bufferOf(type)
    if (buffer) this.#lastBuffer = buffer
    return buffer?.bytes ?? null
  }

  #bufferOf(type: number): Body | null {
    if (type === BufferType.CallData) return this.#lastBuffer
    if (type === BufferType.HttpCallResponseBody || type === BufferType.VmConfiguration) {
      const bytes = this.root.bytesOf(type)
      return bytes && { bytes }
    }
    return type === BufferType.PluginConfiguration ? null : (this.#body(type) ?? noBody)
  }

  /** Envoy knows how to put bytes in front, in place of the first ones, of all, or at the end. */
  replaceBuffer(type: number, start: number, length: number, value: Uint8Array): Status {
    const body = type === BufferType.CallData ? this.#lastBody() : this.#body(type)
    if (!body) return this.buffer(type) ? Status.BadArgument : Status.NotFound
    const { bytes } = body
    if (start === 0) body.bytes = Buffer.concat([value, bytes.subarray(length)])
    else if (start >= bytes.length) body.bytes = Buffer.concat([bytes, value])
    else return Status.BadArgument
    return Status.Ok
  }

  property(path: readonly string[]): PropertyBytes | null {
    const shown = {
      requestHeaders: this.#readable(MapType.RequestHeaders),
      responseHeaders: this.#readable(MapType.ResponseHeaders),
      responseTrailers: this.#readable(MapType.ResponseTrailers),
    }
    const value = streamProperty(this.facts, this.#phase, shown, path) ?? this.root.property(path)
    // What a plugin sets is found by its first segment only, and never in the place of what Envoy has.
    return value ?? (path.length === 1 ? (this.facts.setByPlugin.get(path[0] ?? '') ?? null) : null)
  }

  setProperty(path: string, value: Uint8Array): Status {
    this.facts.setByPlugin.set(path, value)
    return Status.Ok
  }

  sendLocalResponse(reply: LocalResponse): void {
    if (this.#phase === 'log' || this.#phase === 'done') {
      this.vm.crash('proxy_send_local_response when the stream is over')
    }
    if (this.localResponse && this.#phase.startsWith('response')) {
      this.vm.crash('a second proxy_send_local_response while a response is encoded')
    }
    this.localResponse ??= reply
    this.vm.stopIteration()
    this.vm.afterCallback(() => this.link?.sendLocalReply(reply))
  }

  continueStream(type: number): Status {
    if (type === StreamType.Downstream) return Status.Ok
    if (type === StreamType.Upstream) return Status.Unimplemented
    if (type !== StreamType.Request && type !== StreamType.Response) return Status.BadArgument
    const side = type === StreamType.Request ? 'request' : 'response'
    this.resumed.push(side)
    // Whichever side is resumed, Envoy then refuses access to the request.
    this.#views.request.clear()
    this.vm.afterCallback(() => this.link?.resume(this, side))
    return Status.Ok
  }

  closeStream(type: number): Status {
    if (type === StreamType.Downstream || type === StreamType.Upstream) return Status.Ok
    if (type !== StreamType.Request && type !== StreamType.Response) return Status.BadArgument
    this.closed = true
    this.vm.afterCallback(() => this.link?.close())
    return Status.Ok
  }

  #shown(type: number): HeaderMap | null {
    const { request, response } = this.#views
    if (type === MapType.RequestHeaders) return request.headers
    if (type === MapType.RequestTrailers) return request.trailers
    if (type === MapType.ResponseHeaders) return response.headers
    return type === MapType.ResponseTrailers ? response.trailers : null
  }

  #body(type: number): Body | null {
    const { request, response } = this.#views
    if (type === BufferType.RequestBody) return request.body
    if (type !== BufferType.ResponseBody) return null
    // That of a request is still there, empty.
    if (response.isBodyGone) {
      this.vm.crash(
        'the body of a response is read or written after a chunk was answered with 2 or 3',
      )
    }
    return response.body
  }

  /** The last buffer, where it is a body that may be changed now. */
  #lastBody(): Body | undefined {
    const { request, response } = this.#views
    return [request.body, response.body].find((body) => body === this.#lastBuffer) ?? undefined
  }

  #addTrailers(side: Side): HeaderMap | null {
    const view = this.#views[side]
    if (!view.body || !this.link) return null
    return (view.trailers = this.link.addTrailers(side))
  }

  #saw(side: Side, endOfStream: boolean): void {
    this.#endOfStream = endOfStream
    if (side === 'response') this.#responseEnded ||= endOfStream
  }

  #call(phase: Phase, callback: string, ...values: number[]): Action {
    this.#create()
    this.#phase = phase
    const action = this.vm.callStream(callback, this, this.id, ...values)
    if (phase !== 'log') this.#phase = 'created'
    const isOver = phase === 'log' || phase === 'done'
    return this.vm.trap && !isOver ? this.#afterTrap(callback) : action
  }

  /** Envoy answers for a filter that has trapped, in this callback or before. */
  #afterTrap(callback: string): Action {
    const passes = this.#isSkipped || this.root.plugin.failurePolicy === 'fail_open'
    if (passes || this.#hasFailed) return Action.Continue
    this.#hasFailed = true
    this.link?.sendLocalReply(replyAfterTrap())
    return callback.endsWith('_body') ? Action.DropChunk : Action.Pause
  }

  #create(): void {
    if (this.id !== 0) return
    this.id = this.vm.nextContextId()
    this.vm.contexts.set(this.id, this)
    this.vm.call('proxy_on_context_create', this, this.id, this.root.id)
  }
}

const noBytes = new Uint8Array(0)
const noBody: Body = { bytes: noBytes }

const replyAfterTrap = (): LocalResponse => ({
  status: 503,
  body: noBytes,
  headers: new HeaderMap(),
  details: 'wasm_fail_stream',
  grpcStatus: 14,
  byEnvoy: true,
})
