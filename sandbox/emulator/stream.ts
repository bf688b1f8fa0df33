import { Action, BufferType, MapType } from './abi.ts'
import type { Context } from './context.ts'
import { HeaderMap, toBytes, type HeaderInput, type HeaderValue } from './header-map.ts'
import { StreamFacts } from './stream-facts.ts'
import { streamProperty, type Phase } from './stream-properties.ts'
import type { RootContext } from './root-context.ts'
import type { Vm } from './vm.ts'

export interface EndOfStream {
  endOfStream?: boolean
}

/** What on_log shows: by default what the callbacks showed. */
export interface FinalMaps {
  requestHeaders?: HeaderInput
  responseHeaders?: HeaderInput
  responseTrailers?: HeaderInput
}

/** An answer that the plugin gave itself through proxy_send_local_response. */
export interface LocalResponse {
  status: number
  body: Uint8Array
  headers: HeaderMap
  details: string
}

/**
 * One stream of a plugin, callback by callback, in any order: no order is refused, since a plugin has to bear all.
 * `worker.exchange(…)` plays the right order. What Envoy would know meanwhile (properties) is in `facts`.
 */
export class Stream implements Context {
  readonly root: RootContext
  readonly facts: StreamFacts
  /** 0 until the first callback: Envoy makes the context when it needs it. */
  id = 0
  localResponse: LocalResponse | null = null
  #phase: Phase = 'created'
  #map: HeaderMap | null = null
  #chunk: Uint8Array | null = null
  #responseEnded = false
  readonly #onDelete: (stream: Stream) => void

  constructor(root: RootContext, onDelete: (stream: Stream) => void = () => {}) {
    this.root = root
    this.facts = new StreamFacts(root.vm.host.clock.now)
    this.#onDelete = onDelete
  }

  get vm(): Vm {
    return this.root.vm
  }

  get phase(): Phase {
    return this.#phase
  }

  requestHeaders(headers: HeaderInput, { endOfStream = false }: EndOfStream = {}): Action {
    this.facts.requestHeaders = HeaderMap.from(headers)
    return this.#headers('request headers', this.facts.requestHeaders, endOfStream)
  }

  requestBody(chunk: HeaderValue, { endOfStream = false }: EndOfStream = {}): Action {
    const bytes = toBytes(chunk)
    this.facts.requestBytes += bytes.length
    return this.#body('request body', bytes, endOfStream)
  }

  requestTrailers(trailers: HeaderInput): Action {
    this.facts.requestTrailers = HeaderMap.from(trailers)
    return this.#trailers('request trailers', this.facts.requestTrailers)
  }

  /** Sets `response.code` from `:status`. */
  responseHeaders(headers: HeaderInput, { endOfStream = false }: EndOfStream = {}): Action {
    const map = HeaderMap.from(headers)
    this.facts.responseHeaders = map
    this.facts.responseCode = Number(map.text(':status') ?? 0)
    this.#responseEnded = endOfStream
    return this.#headers('response headers', map, endOfStream)
  }

  responseBody(chunk: HeaderValue, { endOfStream = false }: EndOfStream = {}): Action {
    const bytes = toBytes(chunk)
    this.facts.responseBytes += bytes.length
    this.#responseEnded ||= endOfStream
    return this.#body('response body', bytes, endOfStream)
  }

  responseTrailers(trailers: HeaderInput): Action {
    this.facts.responseTrailers = HeaderMap.from(trailers)
    this.#responseEnded = true
    return this.#trailers('response trailers', this.facts.responseTrailers)
  }

  log(final: FinalMaps = {}): void {
    const { facts } = this
    facts.endedAt = this.vm.host.clock.now
    if (final.requestHeaders) facts.requestHeaders = HeaderMap.from(final.requestHeaders)
    if (final.responseHeaders) facts.responseHeaders = HeaderMap.from(final.responseHeaders)
    if (final.responseTrailers) facts.responseTrailers = HeaderMap.from(final.responseTrailers)
    this.#call('log', 'proxy_on_log')
  }

  /** What on_done answers means nothing for a stream. */
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
    const isHttp3 = this.facts.protocol === 'HTTP/3'
    // Refused by an earlier filter: then there is nobody left to see it.
    if (isHttp3 && this.id === 0) return this.#onDelete(this)
    if (!isHttp3 || !this.#responseEnded) this.log(final)
    this.done()
    this.delete()
  }

  headerMap(type: number): HeaderMap | null {
    if (this.#phase !== 'log') return this.writableMap(type)
    if (type === MapType.RequestHeaders) return this.facts.requestHeaders
    if (type === MapType.ResponseHeaders) return this.facts.responseHeaders
    if (type === MapType.ResponseTrailers) return this.facts.responseTrailers
    return type === MapType.RequestTrailers ? none : null
  }

  writableMap(type: number): HeaderMap | null {
    return phaseOfMap[type] === this.#phase ? this.#map : null
  }

  buffer(type: number): Uint8Array | null {
    if (type === BufferType.HttpCallResponseBody) return null
    if (type === BufferType.PluginConfiguration) return null
    return phaseOfBuffer[type] === this.#phase ? this.#chunk : noBytes
  }

  replaceBuffer(type: number, start: number, length: number, value: Uint8Array): boolean {
    const chunk = this.#chunk
    if (phaseOfBuffer[type] !== this.#phase || !chunk) return false
    this.#chunk = Buffer.concat([chunk.subarray(0, start), value, chunk.subarray(start + length)])
    return true
  }

  property(path: readonly string[]): Uint8Array | null {
    return streamProperty(this.facts, this.#phase, path) ?? this.root.property(path)
  }

  setProperty(path: readonly string[], value: Uint8Array): void {
    this.facts.overrides.set(path.join('.'), value)
  }

  sendLocalResponse(status: number, body: Uint8Array, headers: HeaderMap, details: string) {
    if (this.facts.responseCode !== null || this.localResponse) return false
    this.localResponse = { status, body, headers, details }
    return true
  }

  #headers(phase: Phase, map: HeaderMap, endOfStream: boolean): Action {
    this.#map = map
    return this.#call(phase, `proxy_on_${phase.replace(' ', '_')}`, map.size, Number(endOfStream))
  }

  #body(phase: Phase, bytes: Uint8Array, endOfStream: boolean): Action {
    this.#chunk = bytes
    const callback = `proxy_on_${phase.replace(' ', '_')}`
    return this.#call(phase, callback, bytes.length, Number(endOfStream))
  }

  #trailers(phase: Phase, map: HeaderMap): Action {
    this.#map = map
    return this.#call(phase, `proxy_on_${phase.replace(' ', '_')}`, map.size)
  }

  #call(phase: Phase, callback: string, ...values: number[]): Action {
    this.#create()
    this.#phase = phase
    const action = this.vm.call(callback, this, this.id, ...values)
    if (phase !== 'log') this.#phase = 'created'
    this.#map = this.#chunk = null
    return action === Action.Pause ? Action.Pause : Action.Continue
  }

  #create(): void {
    if (this.id !== 0) return
    this.id = this.vm.nextContextId()
    this.vm.contexts.set(this.id, this)
    this.vm.call('proxy_on_context_create', this, this.id, this.root.id)
  }
}

const phaseOfMap: (Phase | undefined)[] = []
phaseOfMap[MapType.RequestHeaders] = 'request headers'
phaseOfMap[MapType.RequestTrailers] = 'request trailers'
phaseOfMap[MapType.ResponseHeaders] = 'response headers'
phaseOfMap[MapType.ResponseTrailers] = 'response trailers'

const phaseOfBuffer: (Phase | undefined)[] = []
phaseOfBuffer[BufferType.RequestBody] = 'request body'
phaseOfBuffer[BufferType.ResponseBody] = 'response body'

const none = new HeaderMap()
const noBytes = new Uint8Array(0)
