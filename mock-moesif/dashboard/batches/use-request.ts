import type { RequestSummary } from '#mock-moesif/client/index.ts'
import { session } from '../live/session.ts'
import { ask } from '../wire/mock.ts'
import { useLoaded } from './use-loaded.ts'

export function readRequest(id: number, signal: AbortSignal): Promise<RequestSummary> {
  return ask('GET /_mock/requests/{id}', { path: { id }, signal })
}

/** A request to the collector: as the stream last sent it, else as loaded. */
export function useRequest(id: number): { value: RequestSummary | undefined; problem: string } {
  const loaded = useLoaded((signal) => readRequest(id, signal), [id])
  const known = session.requests.list.value.find((one) => one.id === id)
  return known ? { value: known, problem: '' } : loaded
}
