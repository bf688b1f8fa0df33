import type { FaultSpec } from '#mock-moesif/client/index.ts'
import { attempt } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'

/** @note The stream sends the change; a list read here could be older than what it sent. */
export async function switchOn(spec: FaultSpec): Promise<boolean> {
  return (
    (await attempt('Adding the fault', () => ask('POST /_mock/faults', { body: spec }))) !==
    undefined
  )
}

export async function switchOff(id: number): Promise<void> {
  await attempt('Removing the fault', () => ask('DELETE /_mock/faults/{id}', { path: { id } }))
}

export async function switchAllOff(): Promise<void> {
  await attempt('Removing the faults', () => ask('DELETE /_mock/faults', {}))
}
