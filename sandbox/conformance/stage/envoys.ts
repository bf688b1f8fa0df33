import { setTimeout as sleep } from 'node:timers/promises'
import { startEnvoy } from '../../envoy/start-envoy.ts'
import type { StartedEnvoy } from '../../envoy/started-envoy.ts'

/** One that does not get ready within this is left to whoever removes what is left. */
const ENDED_WITHIN_MS = 15_000

/** The Envoys of a judgement: an interruption ends them, whatever the scenes wait for. */
export class Envoys {
  readonly #starts = new Set<Promise<StartedEnvoy>>()
  #isOver = false

  async start(options: Parameters<typeof startEnvoy>[0]): Promise<StartedEnvoy> {
    if (this.#isOver) throw new Error('The judgement was interrupted')
    const start = startEnvoy(options)
    this.#starts.add(start)
    return await start
  }

  /** No more of them are started. Resolves when none runs, or 15 s later. */
  async end(): Promise<void> {
    this.#isOver = true
    const ends = Array.from(this.#starts, async (start) => await (await start).kill())
    const given = new AbortController()
    const tooLong = sleep(ENDED_WITHIN_MS, undefined, { signal: given.signal }).catch(() => {})
    await Promise.race([Promise.allSettled(ends), tooLong])
    given.abort()
  }
}
