import type { BodyStart } from '../model/arrival.ts'

/** Kept of a body that is refused. */
export const KEPT_BYTES = 64 * 1024

/** A request as the collector sees it, wherever it came from: a socket, or `msw/node`. */
export interface Arrival {
  method: string
  /** Path and query as sent, base path included. */
  path: string
  /** Names in lower case. */
  headers: Record<string, string>
  applicationId: string | null
  hasBody: boolean
  /**
   * Reads the body as sent, or refuses it (413) beyond `limit` bytes.
   * @param hold reserves memory for that many bytes before they are read
   */
  readBody(limit: number, hold: (bytes: number) => Promise<void>): Promise<Uint8Array>
  /** The start of the body, up to `KEPT_BYTES`: of what was read, and of what comes until the client has sent all. */
  bodyStart(): BodyStart | Promise<BodyStart>
  /** Slows the reading down, where that is possible. */
  throttle?(bytesPerSecond: number): void
  /** Resolves after the time, or at once when the client has disconnected. */
  wait(ms: number): Promise<void>
}
