export interface CallOptions {
  search?: Record<string, string | number | boolean | undefined>
  body?: unknown
  /** Statuses besides 2xx whose document is returned rather than thrown. */
  accept?: readonly number[]
}

/** The test API answered with an error. */
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
  baseUrl: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<T> {
  const url = new URL(baseUrl + path)
  for (const [name, value] of Object.entries(options.search ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value))
  const { body } = options
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }).catch((error: Error) => {
    const { cause } = error
    const reason = cause instanceof Error ? cause.message : error.message
    throw new MockMoesifError(
      0,
      `The mock Moesif at ${baseUrl} can't be reached: ${reason}. Is it running?`,
    )
  })
  const text = await response.text()
  if (response.ok || options.accept?.includes(response.status))
    return (isJson(response) ? JSON.parse(text) : text) as T
  throw new MockMoesifError(response.status, `${method} ${url.pathname}: ${reasonIn(text)}`)
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type') === 'application/json'
}

function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: string }).error
  } catch {
    return text
  }
}
