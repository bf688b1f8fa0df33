import type { FaultSpec } from '#mock-moesif/client/index.ts'
import { attempt } from '../live/notices.ts'
import { addFault, removeFault, removeFaults } from '../wire/test-api.ts'

/** @note The stream tells of the change; a list read here could be older than what it told. */
export async function switchOn(spec: FaultSpec): Promise<boolean> {
  return (await attempt('Adding the fault', () => addFault(spec))) !== undefined
}

export async function switchOff(id: number): Promise<void> {
  await attempt('Removing the fault', () => removeFault(id))
}

export async function switchAllOff(): Promise<void> {
  await attempt('Removing the faults', removeFaults)
}
