import { setTimeout as sleep } from 'node:timers/promises'

/** Progress of the bodies of one exchange: each end can wait for the other instead of for a time. */
export class Steps {
  readonly #arrived = { request: 0, response: 0 }
  #moved = Promise.withResolvers<void>()

  /** Records bytes of the request's body that reached the upstream, or of the response's that reached the client. */
  arrive(side: 'request' | 'response', bytes: number): void {
    this.#arrived[side] += bytes
    this.#moved.resolve()
    this.#moved = Promise.withResolvers()
  }

  /** Resolves with true when so much has arrived, with false when the time is over. */
  async until(side: 'request' | 'response', bytes: number, withinMs: number): Promise<boolean> {
    const given = new AbortController()
    const over = sleep(withinMs, false, { signal: given.signal }).catch(() => false)
    let inTime = true
    while (inTime && this.#arrived[side] < bytes)
      inTime = await Promise.race([this.#moved.promise.then(() => true), over])
    given.abort()
    return inTime
  }
}
