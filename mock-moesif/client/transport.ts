/** One call of the test API; `path` includes the query string. */
export interface Outgoing {
  method: string
  path: string
  body?: string | Blob
  /** Content type of `body`. */
  contentType?: string
  /** Resolve with `bytes` instead of `text`. */
  binary?: boolean
  /** Aborts the call. */
  signal?: AbortSignal
}

export interface Answered {
  status: number
  contentType: string
  text: string
  /** Instead of the text, when a successful call was made with `binary`. */
  bytes?: Uint8Array<ArrayBuffer>
}

/** Carries calls to the test API: over HTTP, or straight to it in the same process. */
export type Transport = (call: Outgoing) => Promise<Answered>

/** The test API answered with an error, or (status 0) did not answer. */
export class MockMoesifError extends Error {
  readonly status: number
  /** The mock's error text, without the call. */
  readonly reason: string

  constructor(status: number, reason: string, call = '') {
    super(call === '' ? reason : `${call}: ${reason}`)
    this.name = 'MockMoesifError'
    this.status = status
    this.reason = reason
  }
}

/** Calls a mock that listens on `baseUrl`. */
export function overHttp(baseUrl: string): Transport {
  return async ({ method, path, body, contentType, binary, signal }) => {
    try {
      const response = await fetch(baseUrl + path, {
        method,
        redirect: 'error',
        headers: contentType === undefined ? {} : { 'content-type': contentType },
        signal: signal ?? null,
        ...(body === undefined ? {} : { body }),
      })
      const type = response.headers.get('content-type') ?? ''
      const answered = { status: response.status, contentType: type }
      return binary && response.ok
        ? { ...answered, text: '', bytes: new Uint8Array(await response.arrayBuffer()) }
        : { ...answered, text: await response.text() }
    } catch (error) {
      if (signal?.aborted) throw error
      const { message, cause } = error as Error
      const reason = cause instanceof Error ? cause.message : message
      throw new MockMoesifError(
        0,
        `The mock Moesif at ${baseUrl} can't be reached: ${reason}. Is it running?`,
      )
    }
  }
}
