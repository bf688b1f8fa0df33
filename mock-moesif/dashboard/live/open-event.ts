import { effect, signal } from '@preact/signals'
import type { EventRecord } from '#mock-moesif/client/index.ts'
import { selectedEvent } from './address.ts'
import { messageOf } from './notices.ts'
import { reconnects } from '../wire/reconnects.ts'
import { readEvent } from '../wire/read-event.ts'

/** The open event. While the next one is on its way the last stays, so that stepping through does not flicker. */
export const record = signal<EventRecord | null>(null)
export const recordProblem = signal<string | null>(null)

effect(() => {
  const id = selectedEvent.value
  void reconnects.value
  if (id !== null && record.peek()?.id === id) return undefined
  recordProblem.value = null
  if (id === null) {
    record.value = null
    return undefined
  }
  const asking = new AbortController()
  void open(id, asking.signal)
  return () => asking.abort()
})

async function open(id: number, closed: AbortSignal): Promise<void> {
  try {
    const answer = await readEvent(id, closed)
    if (!closed.aborted) record.value = answer
  } catch (reason) {
    if (closed.aborted) return
    record.value = null
    recordProblem.value = messageOf(reason)
  }
}
