import type { FaultSpec } from '#mock-moesif/test-api/types.ts'
import { attempt } from '../live/notices.ts'
import { faults } from '../live/session.ts'
import { addFault, listFaults, removeFault, removeFaults } from '../wire/test-api.ts'

export async function switchOn(spec: FaultSpec): Promise<boolean> {
  const added = await attempt('Adding the fault', () => addFault(spec))
  await refresh()
  return added !== undefined
}

export async function switchOff(id: number): Promise<void> {
  await attempt('Removing the fault', () => removeFault(id))
  await refresh()
}

export async function switchAllOff(): Promise<void> {
  await attempt('Removing the faults', removeFaults)
  await refresh()
}

async function refresh(): Promise<void> {
  const list = await attempt('Reading the faults', listFaults)
  if (list) faults.value = list
}
