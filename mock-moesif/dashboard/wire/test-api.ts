import type {
  BatchSummary,
  EventRecord,
  EventSummary,
  Fault,
  FaultSpec,
  Gateway,
  Page,
} from '#mock-moesif/client/index.ts'
import { ask, askJson } from './request.ts'

/** The part of the test API that the page uses, by its own names. */

export interface PageWanted {
  filter?: string
  /** Only events older than this id, newest first. */
  before?: number
  /** Only events newer than this id, oldest first. */
  after?: number
  limit?: number
  /** The total is not wanted: it costs the mock a walk through everything. */
  uncounted?: true
}

export function listEvents(wanted: PageWanted, signal?: AbortSignal): Promise<Page<EventSummary>> {
  return askJson(`/_mock/events${search(wanted)}`, signal ? { signal } : {})
}

/** How many events match. */
export async function countEvents(filter: string, signal: AbortSignal): Promise<number> {
  const answer = await askJson<{ count: number }>(`/_mock/events/count${search({ filter })}`, {
    signal,
  })
  return answer.count
}

export function readEvent(id: number, signal?: AbortSignal): Promise<EventRecord> {
  return askJson(`/_mock/events/${id}`, signal ? { signal } : {})
}

export function rawEventUrl(id: number): string {
  return `/_mock/events/${id}/raw`
}

export function listBatches(
  wanted: { before?: number; limit?: number },
  signal?: AbortSignal,
): Promise<Page<BatchSummary>> {
  return askJson(`/_mock/batches${search(wanted)}`, signal ? { signal } : {})
}

export function addFault(spec: FaultSpec): Promise<Fault> {
  return askJson('/_mock/faults', { method: 'POST', json: spec })
}

/** All of them, of every application. */
export async function removeFaults(): Promise<void> {
  await ask('/_mock/faults', { method: 'DELETE' })
}

export async function removeFault(id: number): Promise<void> {
  await ask(`/_mock/faults/${id}`, { method: 'DELETE' })
}

/** Null when nothing tells the mock of a gateway. */
export function readGateway(): Promise<Gateway | null> {
  return askJson('/_mock/gateway')
}

export function search(parameters: object): string {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') text.set(name, String(value))
  }
  return text.size > 0 ? `?${text.toString()}` : ''
}
