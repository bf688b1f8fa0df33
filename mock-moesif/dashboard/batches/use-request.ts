import type { RequestRecord } from '#mock-moesif/client/index.ts'
import { session } from '../live/session.ts'
import { ask } from '../wire/mock.ts'
import { useLoaded } from './use-loaded.ts'

export function readRequest(id: number, signal: AbortSignal): Promise<RequestRecord> {
  return ask('GET /_mock/requests/{id}', { path: { id }, signal })
}

/** A request to the collector as loaded, with what the stream sent of it since. */
export function useRequest(id: number): { value: RequestRecord | undefined; problem: string } {
  const { value, problem } = useLoaded((signal) => readRequest(id, signal), [id])
  const streamed = session.requests.list.value.find((one) => one.id === id)
  return { value: value && { ...value, ...streamed }, problem }
}
