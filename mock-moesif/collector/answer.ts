import type { StorageError } from '../store/storage-error.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** What to do to the connection instead of, or while, answering. */
  connection?: 'reset' | 'half-response' | 'no-response'
}

export const CORS = { 'access-control-allow-origin': '*' }
/** Not sent to the client. */
export const DISCONNECTED: Answer = { status: 0, headers: {}, body: '', connection: 'reset' }

export function notStored(error: StorageError): Answer {
  return json(503, JSON.stringify({ error: error.message }), { 'retry-after': '1' })
}

export function json(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...CORS, 'content-type': 'application/json', ...headers }, body }
}
