import type { EventRecord } from '#mock-moesif/client/index.ts'
import { parseExactly } from '../captured/exact-json.ts'
import { askRaw } from './mock.ts'

/** An event with each number in it as it was sent. */
export async function readEvent(id: number, signal: AbortSignal): Promise<EventRecord> {
  const { text } = await askRaw('GET /_mock/events/{id}', { path: { id }, signal })
  return parseExactly(text) as EventRecord
}
