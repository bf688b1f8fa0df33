import type { WaitStrategy } from 'testcontainers'
import { until } from '../until.ts'

type WaitArguments = Parameters<WaitStrategy['waitUntilReady']>

const DEFAULT_TIMEOUT_MS = 30_000
const INTERVAL_MS = 50
const ANSWER_TIMEOUT_MS = 1000

/**
 * Waits until Envoy's admin interface says that Envoy serves; rejects at once when the container ends.
 *
 * @note testcontainers' own `Wait.forHttp` asks at the address that it takes for the engine's, which is not always where
 *   the ports are published (see `publishedAddress`), and once a second.
 */
export class EnvoyReadiness implements WaitStrategy {
  readonly #adminPort: number
  readonly #host: () => Promise<string>
  #timeoutMs: number | undefined

  /** @param adminPort inside the container @param host where the engine publishes ports */
  constructor(adminPort: number, host: () => Promise<string>) {
    this.#adminPort = adminPort
    this.#host = host
  }

  async waitUntilReady(container: WaitArguments[0], ports: WaitArguments[1]): Promise<void> {
    const url = `http://${await this.#host()}:${ports.getBinding(this.#adminPort)}/ready`
    let ended = false
    void container.wait().then(
      () => (ended = true),
      () => (ended = true),
    )
    const serves = async (): Promise<boolean> => {
      if (await answers(url)) return true
      if (ended) throw new Error('its container has ended')
      return false
    }
    await until(serves, {
      what: 'its admin interface did not say that it serves',
      timeoutMs: this.getStartupTimeout(),
      everyMs: INTERVAL_MS,
    })
  }

  withStartupTimeout(timeoutMs: number): this {
    this.#timeoutMs = timeoutMs
    return this
  }

  isStartupTimeoutSet(): boolean {
    return this.#timeoutMs !== undefined
  }

  getStartupTimeout(): number {
    return this.#timeoutMs ?? DEFAULT_TIMEOUT_MS
  }
}

const answers = async (url: string): Promise<boolean> =>
  await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )
