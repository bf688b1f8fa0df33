import type { FailurePolicy } from '#sandbox/emulator/index.ts'

/**
 * One exchange through the scripted filter (sandbox/emulator/fixtures/scripted), in the emulator and in Envoy. `script` says
 * what the filter does in which callback; what it saw, what reached the upstream and what the client got has to agree.
 */
export interface HostCase {
  name: string
  /** Steps, each `<callback>[#<n-th time>] <verb> <arguments>`. */
  script: string[]
  headers?: Record<string, string>
  /** Chunks, each sent when the filter has seen the one before, unless it `holds` them. */
  body?: string[]
  trailers?: Record<string, string>
  response?: { status?: number; body?: string[]; trailers?: Record<string, string> }
  /** Calls are reset once the headers of their answer have come. */
  callsAreReset?: boolean
  /** Which message the filter holds at its headers: then its body is sent at once. */
  holds?: 'request' | 'response'
  /** It never lets go: the client leaves when this line is logged. */
  leavesAt?: string
  /** The filter traps, under this policy: what it logs is not compared, what becomes of the request after it is. */
  failure?: FailurePolicy
  /** Over HTTP/1.1, where Envoy keeps `LIMIT` bytes of a body for a filter. */
  limited?: boolean
}

export const LIMIT = 1_000

/** What became of it, on either host. */
export interface Outcome {
  log: string[]
  upstream: Received | null
  client: Received | null
  /** What the client of a second request got, when the filter had trapped. */
  next?: Received | null
}

export interface Received {
  headers: Record<string, string>
  body: string
  trailers: Record<string, string>
  complete: boolean
}
