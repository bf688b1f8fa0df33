/**
 * Names and numbers of the Proxy-Wasm ABI 0.2.0 and 0.2.1.
 * @see https://github.com/proxy-wasm/spec/tree/main/abi-versions
 */

export const Status = {
  Ok: 0,
  NotFound: 1,
  BadArgument: 2,
  SerializationFailure: 3,
  ParseFailure: 4,
  InvalidMemoryAccess: 6,
  Empty: 7,
  CasMismatch: 8,
  InternalFailure: 10,
  Unimplemented: 12,
} as const
export type Status = (typeof Status)[keyof typeof Status]

export const MapType = {
  RequestHeaders: 0,
  RequestTrailers: 1,
  ResponseHeaders: 2,
  ResponseTrailers: 3,
  GrpcInitialMetadata: 4,
  GrpcTrailingMetadata: 5,
  HttpCallResponseHeaders: 6,
  HttpCallResponseTrailers: 7,
} as const

export const BufferType = {
  RequestBody: 0,
  ResponseBody: 1,
  DownstreamData: 2,
  UpstreamData: 3,
  HttpCallResponseBody: 4,
  GrpcMessage: 5,
  VmConfiguration: 6,
  PluginConfiguration: 7,
  CallData: 8,
} as const

export const MetricType = { Counter: 0, Gauge: 1, Histogram: 2 } as const

/**
 * What a stream callback answers. The ABI knows Continue and Pause; Envoy takes its own filter statuses, too: of body
 * callbacks 2 holds the chunk without showing it again and 3 throws it away, of header callbacks 2 is Continue.
 */
export const Action = { Continue: 0, Pause: 1, Ignored: 2, HoldChunks: 2, DropChunk: 3 } as const
export type Action = number

/** Of proxy_continue_stream and proxy_close_stream. */
export const StreamType = { Request: 0, Response: 1, Downstream: 2, Upstream: 3 } as const

/** By number, as proxy_log and proxy_get_log_level carry them. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'] as const
export type LogLevel = (typeof logLevels)[number]

export const abiVersions = ['0_1_0', '0_2_0', '0_2_1'] as const
export type AbiVersion = (typeof abiVersions)[number]
