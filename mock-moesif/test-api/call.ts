/** One call of the test API on its way: `path` holds the query string. */
export interface Outgoing {
  method: string
  path: string
  body?: string
}

export interface Answered {
  status: number
  contentType: string
  text: string
}

/** Carries calls to the test API: over HTTP, or straight to it in the same process. */
export type Transport = (call: Outgoing) => Promise<Answered>

export interface CallOptions {
  search?: Record<string, string | number | boolean | undefined>
  body?: unknown
  /** Statuses besides 2xx whose document is returned rather than thrown. */
  accept?: readonly number[]
}

/** The test API answered with an error, or (status 0) not at all. */
export class MockMoesifError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'MockMoesifError'
    this.status = status
  }
}

/** Calls the test API and returns its document. */
export async function call<T>(
  transport: Transport,
  method: string,
  path: string,
  { search = {}, body, accept = [] }: CallOptions = {},
): Promise<T> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    if (value !== undefined) query.set(name, String(value))
  const { status, contentType, text } = await transport({
    method,
    path: query.size > 0 ? `${path}?${query}` : path,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  if ((status >= 200 && status < 300) || accept.includes(status))
    return (contentType === 'application/json' ? JSON.parse(text) : text) as T
  throw new MockMoesifError(status, `${method} ${path}: ${reasonIn(text)}`)
}

function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: string }).error
  } catch {
    return text
  }
}

/** Calls a mock that listens on `baseUrl`. */
export function overHttp(baseUrl: string): Transport {
  return async ({ method, path, body }) => {
    try {
      const response = await fetch(baseUrl + path, {
        method,
        redirect: 'error',
        ...(body === undefined ? {} : { body }),
      })
      const contentType = response.headers.get('content-type') ?? ''
      return { status: response.status, contentType, text: await response.text() }
    } catch (error) {
      const { message, cause } = error as Error
      const reason = cause instanceof Error ? cause.message : message
      throw new MockMoesifError(
        0,
        `The mock Moesif at ${baseUrl} can't be reached: ${reason}. Is it running?`,
      )
    }
  }
}
