/** What the mock answered instead of what was asked for. */
class Refusal extends Error {
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

/** After a failure of the network a reading is repeated after so many ms. */
const pauses = [150, 600]

export async function ask(path: string, asking: Asking = {}): Promise<Response> {
  const response = await send(path, asking)
  if (!response.ok) throw new Refusal(response.status, await explanation(response))
  return response
}

/**
 * @note Browsers break off what is under way whenever an interface comes or goes, such as that of a container
 * (ERR_NETWORK_CHANGED); reading again is harmless and nearly always works.
 */
async function send(path: string, asking: Asking, attempt = 0): Promise<Response> {
  const { method = 'GET', json, body, signal } = asking
  const type = json === undefined ? asking.type : 'application/json'
  try {
    return await fetch(path, {
      method,
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      headers: type ? { 'content-type': type } : {},
      signal: signal ?? null,
    })
  } catch (reason) {
    if (signal?.aborted) throw reason
    const pause = method === 'GET' ? pauses[attempt] : undefined
    if (pause === undefined) throw new Refusal(0, 'The mock does not answer. Is it still running?')
    await new Promise((resolve) => setTimeout(resolve, pause))
    return send(path, asking, attempt + 1)
  }
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
