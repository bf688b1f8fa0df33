import type { Status } from '../abi/constants.ts'
import type { HeaderMap } from '../abi/header-map.ts'

/** An answer that the plugin gave itself through proxy_send_local_response, or Envoy in its place. */
export interface LocalResponse {
  status: number
  body: Uint8Array
  headers: HeaderMap
  details: string
  /** -1 where the plugin gave none. */
  grpcStatus: number
  /** Envoy's own, since the plugin trapped or held too much. */
  byEnvoy?: true
}

/** A call that the plugin made through proxy_http_call. */
export interface OutgoingCall {
  cluster: string
  headers: HeaderMap
  body: Uint8Array
  trailers: HeaderMap
  timeoutMs: number
}

/** What host functions ask of the root context, whichever context of it they are called from. */
export interface RootFunctions {
  setTickPeriod(ms: number): void
  httpCall(call: OutgoingCall): { result: Status; token: number }
  queueReady(id: number): void
  /** proxy_done(): false where nothing waits for it. */
  finish(): boolean
  readonly pluginName: string
  /** What proxy_get_status answers: of a call that failed, and then for good. */
  readonly callStatus: { readonly code: number; readonly message: string }
}

/** What host functions ask of the context they are called from. */
export interface Context {
  readonly id: number
  readonly root: RootFunctions
  /** on_log runs: then a value of a map that is not there is NotFound rather than BadArgument. */
  readonly isLogging: boolean
  /** Null where there is no such map now: its pairs read as empty. */
  headerMap(type: number): HeaderMap | null
  /** Null where a plugin may not change that map now. */
  writableMap(type: number): HeaderMap | null
  /** Null where there is no such buffer. */
  buffer(type: number): Uint8Array | null
  replaceBuffer(type: number, start: number, length: number, value: Uint8Array): Status
  /** Null when the property does not exist in this phase; a status when it cannot be serialized. */
  property(path: readonly string[]): Uint8Array | Status | null
  setProperty(path: string, value: Uint8Array): Status
  /** These three have no effect where there is no stream. */
  sendLocalResponse(reply: LocalResponse): void
  continueStream(type: number): Status
  closeStream(type: number): Status
}
