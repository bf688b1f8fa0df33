import { Room } from './room-memory.ts'

/** An object of the plugin. */
export type Handle = number

interface Parts {
  takeForBody(bytes: number): number
  takeForHeaders(bytes: number): number
  giveBack(bytes: number): void
  backoffMs(failures: number, random: number): number
  retryAfter(start: number, length: number, unixMs: bigint): number
  baseUri(start: number, length: number, to: number): void
  beats(now: bigint): number
  newCircuit(): Handle
  isOpen(circuit: Handle): number
  generationOf(circuit: Handle): number
  admits(circuit: Handle, now: bigint): number
  called(circuit: Handle): void
  succeeded(circuit: Handle, generation: number): number
  failed(circuit: Handle, generation: number, now: bigint, retryAfterMs: number): void
  weightOf(length: number): number
  newBatch(): Handle
  addEvent(batch: Handle, length: number, maxBytes: number): number
  offered(batch: Handle, maxBytes: number): number
  sealedBytes(batch: Handle): number
  newTable(): Handle
  addKey(table: Handle, start: number, length: number, value: number): number
  valueOfKey(table: Handle, start: number, length: number): number
  countOfKeys(table: Handle): number
  freeTable(table: Handle): void
  settledWeight(rate: number): number
  begin(now: bigint): void
  isDue(now: bigint): number
  lease(now: bigint, timeoutMs: number): void
  prolong(now: bigint, timeoutMs: number): void
  fetched(now: bigint, tag: bigint): void
  notFetched(now: bigint): void
  sawTag(tag: bigint, now: bigint): number
  mayPutOff(now: bigint): number
  putOff(now: bigint): void
  dueAt(): bigint
  setDueAt(at: bigint): void
}

let parts: Promise<Room<Parts>> | undefined

/** Parts of the plugin that have exact limits, compiled once for all spec files of a worker. */
export function loadParts(): Promise<Room<Parts>> {
  return (parts ??= Room.compile<Parts>('parts'))
}
