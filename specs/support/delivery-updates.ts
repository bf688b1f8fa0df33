import { expect } from 'vitest'
import { type DeliveryGateway, type ListenerChange } from '#specs/support/delivery-gateway.ts'

/** Seconds that an old listener, and the root context behind it, lives on. */
const DRAIN_SECONDS = 1

/** An Envoy whose listener may change. */
export const UPDATABLE = {
  concurrency: 2,
  updatable: true,
  drainSeconds: DRAIN_SECONDS,
  drainStrategy: 'immediate',
} as const

interface Change {
  /** What the n-th such change is; `otherBuild` comes and goes. */
  to: (n: number, otherBuild: string) => ListenerChange
  /** Envoy keeps the VM: the answer to the last call can be heard, or the new root context takes over. */
  keepsVm: boolean
}

/** What may change in a listener. */
export const changes: Record<string, Change> = {
  'an option of the plugin': {
    to: (n) => ({ options: { batch_max_size: 21 + n } }),
    keepsVm: true,
  },
  'another field of the listener': {
    to: (n) => ({ listener: { raw: { per_connection_buffer_limit_bytes: 500_000 + n } } }),
    keepsVm: true,
  },
  'the code of the plugin': {
    to: (n, otherBuild) => (n % 2 === 0 ? { plugin: { file: otherBuild } } : {}),
    keepsVm: false,
  },
  'the vm_id': {
    to: (n) => ({ plugin: { vmId: `vm-${n}` } }),
    keepsVm: false,
  },
}

/**
 * Changes the listener of a gateway under load and waits for the end of the old one. Every event until then must have
 * arrived, but for those that the plugin calls unconfirmed; and of these there may be none when the VM stays.
 */
export async function updateUnderLoad(
  gateway: DeliveryGateway,
  { to, keepsVm }: Change,
  { n, otherBuild, perSecond }: { n: number; otherBuild: string; perSecond: number },
): Promise<void> {
  const before = await gateway.account()
  await gateway.update(to(n, otherBuild))
  // The old listener serves on while it drains.
  await gateway.waitForRequests(perSecond * (DRAIN_SECONDS + 0.5))
  if (keepsVm) {
    await gateway.envoy.waitForMetrics(
      (now) => now['moesif_events_unconfirmed_total'] === before.unconfirmed,
    )
  }
  const account = await gateway.account()

  expect(account.dropped).toEqual({})
  await gateway.waitForReceived(account.captured - account.unconfirmed)
}
