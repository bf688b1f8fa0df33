import type { FaultSpec } from '#mock-moesif/client/index.ts'
import { attempt } from '../live/notices.ts'
import { mock } from '../wire/mock.ts'

/** @note The stream tells of the change; a list read here could be older than what it told. */
export async function switchOn(spec: FaultSpec): Promise<boolean> {
  return (await attempt('Adding the fault', () => mock.faults.add(spec))) !== undefined
}

export async function switchOff(id: number): Promise<void> {
  await attempt('Removing the fault', () => mock.faults.remove(id))
}

export async function switchAllOff(): Promise<void> {
  await attempt('Removing the faults', () => mock.faults.clearAll())
}
