/** What is written to a reader for as long as it listens. */
export interface Sink {
  write(bytes: Uint8Array): void
  /** Bytes written that the reader has not taken yet. */
  readonly unread: number
  onCaughtUp(listener: () => void): void
  onClose(listener: () => void): void
  end(): void
}

/** An answer of the test API: a document, text or bytes, a stream of text, or what is written while it is read. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  json?: unknown
  body?: string | Uint8Array | AsyncIterable<string>
  /** Called with the reader; in the same process there is none. */
  stream?: (sink: Sink) => void
}
