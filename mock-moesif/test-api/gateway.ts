import type { Gateway } from './types.ts'

export type GatewaySpec = Pick<Gateway, 'listenerUrl' | 'adminUrl' | 'options' | 'envoyVersion'>

const TIMEOUT_MS = 1000
const PREFIX = 'wasmcustom.'

/** The gateway in front of this mock: what the sandbox told of it, and its counters, read from Envoy when asked. */
export class GatewayView {
  #spec: GatewaySpec | undefined

  set(spec: GatewaySpec | undefined): void {
    this.#spec = spec && { ...spec, options: withoutSecrets(spec.options) }
  }

  async read(): Promise<Gateway | undefined> {
    const spec = this.#spec
    if (!spec) return undefined
    try {
      return { ...spec, reachable: true, counters: await readCounters(spec.adminUrl) }
    } catch {
      return { ...spec, reachable: false, counters: {} }
    }
  }
}

/** The plugin's metrics of all workers, as Envoy's admin adds them up. */
async function readCounters(adminUrl: string): Promise<Record<string, number>> {
  const url = new URL('/stats?filter=moesif&format=json', adminUrl)
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`)
  const { stats } = (await response.json()) as { stats: { name?: string; value?: number }[] }
  const counters: Record<string, number> = {}
  for (const { name, value } of stats)
    if (name?.startsWith(PREFIX) && typeof value === 'number')
      counters[name.slice(PREFIX.length)] = value
  return counters
}

/** An application id is a credential: its last four characters tell which it is. */
function withoutSecrets(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) =>
      /application_?id/i.test(name) && typeof value === 'string'
        ? [name, `…${value.slice(-4)}`]
        : [name, value],
    ),
  )
}
