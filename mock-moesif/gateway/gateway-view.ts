import { CounterHistory } from './counter-history.ts'
import { LogTail } from './log-tail.ts'
import { readCounters, readOptions, readVersion } from './envoy-admin.ts'
import type { Gateway, GatewaySpec } from '../model/gateway.ts'

/** The gateway in front of this mock: what was configured, and what Envoy's admin interface answers. */
export class GatewayView {
  #spec: GatewaySpec | undefined
  readonly log = new LogTail()
  readonly history = new CounterHistory()

  set(spec: GatewaySpec): void {
    this.#spec = spec
    this.history.follow(() => readCounters(spec.adminUrlFromMock ?? spec.adminUrl))
  }

  /** Where the mock calls the gateway; undefined when none is configured. */
  get listenerUrl(): string | undefined {
    return this.#spec?.listenerUrlFromMock ?? this.#spec?.listenerUrl
  }

  async read(): Promise<Gateway | null> {
    if (!this.#spec) return null
    const { listenerUrl, adminUrl, adminUrlFromMock = adminUrl, ...said } = this.#spec
    try {
      const [counters, options, envoyVersion] = await Promise.all([
        readCounters(adminUrlFromMock),
        said.options ?? readOptions(adminUrlFromMock),
        said.envoyVersion === undefined ? readVersion(adminUrlFromMock) : said.envoyVersion,
      ])
      const shown = withoutSecrets(options)
      return { listenerUrl, adminUrl, options: shown, envoyVersion, reachable: true, counters }
    } catch {
      const { options = {}, envoyVersion = null } = said
      const shown = withoutSecrets(options)
      return { listenerUrl, adminUrl, options: shown, envoyVersion, reachable: false, counters: {} }
    }
  }
}

/** An application id is a credential: only its last four characters are shown. */
function withoutSecrets(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) =>
      /application_?id/i.test(name) && typeof value === 'string'
        ? [name, `…${value.slice(-4)}`]
        : [name, value],
    ),
  )
}
