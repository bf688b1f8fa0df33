import { expect } from 'vitest'
import {
  balance,
  type DeliveryGateway,
  type ListenerChange,
} from '#specs/support/delivery-gateway.ts'

/** Seconds that an old listener, and the root context behind it, lives on. */
export const DRAIN_SECONDS = 1

/** What may change in a listener, and what the n-th such change is; `otherBuild` comes and goes. */
export const changes: Record<string, (n: number, otherBuild: string) => ListenerChange> = {
  'an option of the plugin': (n) => ({ options: { batch_max_size: 21 + n } }),
  'the code of the plugin': (n, otherBuild) =>
    n % 2 === 0 ? { plugin: { file: otherBuild } } : {},
  'the vm_id': (n) => ({ plugin: { vmId: `vm-${n}` } }),
  'another field of the listener': (n) => ({
    listener: { raw: { per_connection_buffer_limit_bytes: 500_000 + n } },
  }),
}

/** Changes the listener of a gateway under load, waits for the end of the old one, and looks for every event until then. */
export async function updateUnderLoad(
  gateway: DeliveryGateway,
  change: ListenerChange,
  perSecond: number,
): Promise<void> {
  await gateway.update(change)
  // The old listener serves on while it drains.
  await gateway.waitForRequests(perSecond * (DRAIN_SECONDS + 0.5))
  const account = await gateway.account()

  expect(balance(account)).toBe(0)
  expect(account.dropped).toEqual({})
  await gateway.waitForReceived(account.captured)
}
