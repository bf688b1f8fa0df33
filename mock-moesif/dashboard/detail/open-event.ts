import { effect, signal } from '@preact/signals'
import type { EventRecord } from '#mock-moesif/test-api/types.ts'
import { selectedEvent } from '../live/address.ts'
import { readEvent } from '../wire/test-api.ts'

/** The open event. While the next one is on its way the last stays, so that stepping through does not flicker. */
export const record = signal<EventRecord | null>(null)
export const recordProblem = signal<string | null>(null)

effect(() => {
  const id = selectedEvent.value
  recordProblem.value = null
  if (id === null) {
    record.value = null
    return undefined
  }
  const asking = new AbortController()
  void open(id, asking.signal)
  return () => asking.abort()
})

async function open(id: number, gone: AbortSignal): Promise<void> {
  try {
    const answer = await readEvent(id, gone)
    if (!gone.aborted) record.value = answer
  } catch (reason) {
    if (gone.aborted) return
    record.value = null
    recordProblem.value = reason instanceof Error ? reason.message : String(reason)
  }
}
