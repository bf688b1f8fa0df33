/** Result of a host call. https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1 */
export const enum Status {
  Ok = 0,
  NotFound = 1,
  BadArgument = 2,
  SerializationFailure = 3,
  ParseFailure = 4,
  Empty = 7,
  CasMismatch = 8,
  InternalFailure = 10,
}

export const enum MapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  CallResponseHeaders = 6,
  CallResponseTrailers = 7,
}

export const enum BufferType {
  RequestBody = 0,
  ResponseBody = 1,
  CallResponseBody = 4,
  PluginConfiguration = 7,
}

export const enum LogLevel {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
  Critical = 5,
}

export const enum MetricKind {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}

/** What a headers, body or trailers callback answers. */
export const enum Action {
  Continue = 0,
  /** The stream stops here: a local response of the plugin takes its place. */
  Pause = 1,
  /**
   * For bodies only: Envoy buffers the body and shows each chunk as it comes. Envoy stops reading from the client when it holds as much as it
   * may, where `Pause` would have it answer 413.
   */
  HoldChunks = 2,
}

/** Of `proxy_continue_stream`. */
export const enum StreamType {
  Request = 0,
}
