/** What the mock answered instead of what was asked for. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Asking {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  body?: BodyInit
  type?: string
  signal?: AbortSignal
}

export async function ask(path: string, asking: Asking = {}): Promise<Response> {
  const { method = 'GET', json, body, type, signal } = asking
  const response = await fetch(path, {
    method,
    body: json === undefined ? (body ?? null) : JSON.stringify(json),
    headers:
      json === undefined
        ? type
          ? { 'content-type': type }
          : {}
        : { 'content-type': 'application/json' },
    signal: signal ?? null,
  }).catch((reason: unknown) => {
    if (signal?.aborted) throw reason
    throw new Refusal(0, 'The mock does not answer. Is it still running?')
  })
  if (!response.ok) throw new Refusal(response.status, await explanation(response))
  return response
}

export async function askJson<T>(path: string, asking: Asking = {}): Promise<T> {
  const response = await ask(path, asking)
  return (await response.json()) as T
}

async function explanation(response: Response): Promise<string> {
  const text = await response.text()
  try {
    const answer = JSON.parse(text) as Record<string, unknown>
    const said = answer['error'] ?? answer['message'] ?? answer['detail']
    if (typeof said === 'string') return said
    const inner = (said as Record<string, unknown> | undefined)?.['message']
    if (typeof inner === 'string') return inner
  } catch {
    // Not JSON: shown as it came.
  }
  return text.slice(0, 500) || `The mock answered ${response.status}.`
}
