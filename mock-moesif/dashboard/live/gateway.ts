import { computed, effect, signal } from '@preact/signals'
import type { CounterSample, Gateway } from '#mock-moesif/client/index.ts'
import { ask } from '../wire/mock.ts'
import { reconnects } from '../wire/reconnects.ts'
import { currentView } from './address.ts'

/** Null when no gateway is configured, undefined until the mock has answered. */
export const gateway = signal<Gateway | null | undefined>(undefined)

/** The plugin's counters before the page was opened, and since; bounded. */
export const samples = signal<readonly CounterSample[]>([])
const mostSamples = 1000

const gatewayKnown = computed(() => Boolean(gateway.value))

/** The plugin refused its options: nothing is captured, and everything else looks as if there were no calls. */
export const capturingOff = computed(
  () => (gateway.value?.counters['moesif_configuration_invalid'] ?? 0) > 0,
)

/** Each answer reads Envoy's admin anew, so it is asked for often only where it is looked at. */
export function watchGateway(): void {
  effect(() => {
    const every = currentView.value === 'gateway' ? 1000 : gatewayKnown.value ? 5000 : 30_000
    void reconnects.value
    void read()
    const timer = setInterval(() => void read(), every)
    return () => clearInterval(timer)
  })
}

async function read(): Promise<void> {
  if (document.hidden) return
  try {
    const known = (gateway.value = await ask('GET /_mock/gateway', {}))
    if (!known?.reachable) return
    const before = samples.peek()[0] ? samples.peek() : await ask('GET /_mock/gateway/history', {})
    samples.value = [...before.slice(1 - mostSamples), { at: Date.now(), counters: known.counters }]
  } catch {
    gateway.value ??= null
  }
}

/**
 * The options of the plugin that sends as `application`; null when that plugin is not known. The mock shows
 * only the last four characters of the application id: it is a credential.
 */
export function optionsOf(application: string): Record<string, unknown> | null {
  const options = gateway.value?.options
  const id = options?.['moesif_application_id']
  if (!options || typeof id !== 'string' || !application.endsWith(id.replace(/^…/, ''))) return null
  return options
}

/** A number among them, or its default; null when they are not known. */
export function optionOf(application: string, name: string, otherwise: number): number | null {
  const options = optionsOf(application)
  if (!options) return null
  const value = options[name]
  return typeof value === 'number' ? value : otherwise
}
