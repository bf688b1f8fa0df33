/** An answer of the test API: a document, text or bytes, or a stream of text. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  json?: unknown
  body?: string | Uint8Array | AsyncIterable<string>
}
