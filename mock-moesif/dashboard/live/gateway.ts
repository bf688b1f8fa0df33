import { computed, effect, signal } from '@preact/signals'
import type { Gateway } from '#mock-moesif/client/index.ts'
import { mock } from '../wire/mock.ts'
import { currentView } from './address.ts'

/** Null when nothing tells the mock of a gateway, undefined until it has been asked. */
export const gateway = signal<Gateway | null | undefined>(undefined)

const gatewayKnown = computed(() => Boolean(gateway.value))

/** The plugin refused its options: nothing is captured, and everything else looks as if nobody called. */
export const capturingOff = computed(
  () => (gateway.value?.counters['moesif_configuration_invalid'] ?? 0) > 0,
)

/** Each answer reads Envoy's admin anew, so it is asked for often only where it is looked at. */
export function watchGateway(): void {
  effect(() => {
    const every = currentView.value === 'gateway' ? 1000 : gatewayKnown.value ? 5000 : 30_000
    void read()
    const timer = setInterval(() => void read(), every)
    return () => clearInterval(timer)
  })
}

async function read(): Promise<void> {
  if (document.hidden) return
  try {
    gateway.value = await mock.gateway()
  } catch {
    gateway.value ??= null
  }
}

/** A number among the plugin's options, or its default. */
export function option(name: string, otherwise: number): number {
  const value = gateway.value?.options[name]
  return typeof value === 'number' ? value : otherwise
}
