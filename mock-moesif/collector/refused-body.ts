import type { EventStore } from '../store/event-store.ts'
import type { BodyStart } from '../model/arrival.ts'
import type { Arrival } from './arrival.ts'

/** Keeps the start of a body that was refused: at once what has come, else when its client has sent it. No answer waits for it. */
export function keepRefusedBody(store: EventStore, requestId: number, arrival: Arrival): void {
  const keep = (start: BodyStart) => {
    if (start.bytes.byteLength > 0) store.keepBody(requestId, start)
  }
  const start = arrival.bodyStart()
  if (start instanceof Promise) start.then(keep, () => {})
  else keep(start)
}
