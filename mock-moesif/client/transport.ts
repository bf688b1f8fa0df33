/** One call of the test API on its way: `path` holds the query string. */
export interface Outgoing {
  method: string
  path: string
  body?: string | Blob
  /** Of the body. */
  contentType?: string
  /** The answer is wanted as bytes. */
  binary?: boolean
  /** Gives the call up. */
  signal?: AbortSignal
}

export interface Answered {
  status: number
  contentType: string
  text: string
  /** Instead of the text, when a call that succeeded asked for them. */
  bytes?: Uint8Array<ArrayBuffer>
}

/** Carries calls to the test API: over HTTP, or straight to it in the same process. */
export type Transport = (call: Outgoing) => Promise<Answered>

/** The test API answered with an error, or (status 0) not at all. */
export class MockMoesifError extends Error {
  readonly status: number
  /** What the mock said, without the call that it was said to. */
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
