import type { ScriptedResponse } from './scripted-response.ts'

/** One call through Envoy. Its name is the first segment of its path, by which its event is known. */
export interface Exchange {
  name: string
  request?: ScriptedRequest
  response?: ScriptedResponse
}

export interface ScriptedRequest {
  /** Default HTTP/1.1. A WebSocket sends its body once it is open, waits until as much came back, and closes. */
  over?: 'HTTP/1.1' | 'HTTP/2' | 'WebSocket'
  method?: string
  /** Behind the name. */
  path?: string
  headers?: readonly (readonly [name: string, value: string])[]
  body?: string | Buffer | readonly (string | Buffer)[]
  /** Each piece is sent when the upstream has all before it: what is held back for good ends in an error. */
  stepwise?: boolean
  trailers?: Readonly<Record<string, string>>
  /** The client disconnects: while it sends its body, or while it waits for the answer. */
  leaves?: 'amid the body' | 'before the answer'
}

/** What the client got. */
export interface Answer {
  /** 0: none came. */
  status: number
  headers: Record<string, string>
  trailers: Record<string, string>
  /** Statuses from 100 to 199 that came before the answer. */
  informational: number[]
  body: Buffer
  /** Why none came, or not all of it. */
  error?: string
  /** Milliseconds from sending to the end. */
  totalMs: number
  /** Unix time in milliseconds. */
  sentAt: number
  endedAt: number
}

/** Whether a URI, or a path, is that of an exchange. */
export const isOfExchange = (uri: unknown, name: string): boolean =>
  typeof uri === 'string' && uri.split(/[/?#]/).includes(name)
