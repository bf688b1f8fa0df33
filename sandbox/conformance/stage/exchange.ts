import type { ScriptedResponse } from './upstream.ts'

/** One call through Envoy. Its name is the first segment of its path, by which its event is known. */
export interface Exchange {
  name: string
  request?: ScriptedRequest
  response?: ScriptedResponse
}

export interface ScriptedRequest {
  method?: string
  /** Behind the name. */
  path?: string
  headers?: readonly (readonly [name: string, value: string])[]
  body?: string | Buffer | readonly (string | Buffer)[]
  trailers?: Readonly<Record<string, string>>
  /** The client goes away: while its body is on the way, or while it waits for the answer. */
  leaves?: 'amid the body' | 'before the answer'
}

/** What the client got. */
export interface Answer {
  /** 0: none came. */
  status: number
  headers: Record<string, string>
  body: Buffer
  /** Why none came, or not all of it. */
  error?: string
  /** Milliseconds from sending to the first byte of the body, and to the end. */
  firstByteMs: number
  totalMs: number
  /** Unix time in milliseconds. */
  sentAt: number
  endedAt: number
}

/** Whether a URI, or a path, is that of an exchange. */
export const isOfExchange = (uri: unknown, name: string): boolean =>
  typeof uri === 'string' && uri.split(/[/?#]/).includes(name)
