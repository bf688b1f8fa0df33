/**
 * Parts of the plugin with exact limits, as a module of their own, for specs. Texts are put into memory, objects are handles.
 */
import '../../../../plugin/assembly/abi/abort'
import {
  giveBack,
  takeForBody,
  takeForHeaders,
} from '../../../../plugin/assembly/capture/memory-budget'
import { Decision } from '../../../../plugin/assembly/decision/decision'
import { decideByChance } from '../../../../plugin/assembly/decision/decide-by-chance'
import { KeyTable } from '../../../../plugin/assembly/decision/key-table'
import { backoffMs } from '../../../../plugin/assembly/collector/backoff'
import { splitBaseUri } from '../../../../plugin/assembly/collector/base-uri'
import { Circuit } from '../../../../plugin/assembly/delivery/circuit'
import { Batch, batchWeight, freeBatch, memoryOf } from '../../../../plugin/assembly/delivery/batch'
import { OpenBatch } from '../../../../plugin/assembly/delivery/open-batch'
import { Heartbeat } from '../../../../plugin/assembly/delivery/heartbeat'
import { retryAfterMs } from '../../../../plugin/assembly/collector/retry-after'
import { Schedule } from '../../../../plugin/assembly/documents/schedule'
import { Span } from '../../../../plugin/assembly/memory/span'
import { allocate, footprint, release } from '../../../../plugin/assembly/memory/store'

const text = new Span()
const first = new Span()
const second = new Span()

export { allocate, release, backoffMs, giveBack, takeForBody, takeForHeaders }

export function retryAfter(start: usize, length: u32, unixMs: u64): u32 {
  text.set(start, length)
  return retryAfterMs(text, unixMs)
}

/** Address and length of the authority, then of the prefix, at `to`. */
export function baseUri(start: usize, length: u32, to: usize): void {
  text.set(start, length)
  splitBaseUri(text, first, second)
  store<u32>(to, <u32>first.start)
  store<u32>(to, first.length, 4)
  store<u32>(to, <u32>second.start, 8)
  store<u32>(to, second.length, 12)
}

const heartbeat = new Heartbeat()

export function beats(now: u64): bool {
  return heartbeat.isDue(now)
}

export function newCircuit(): Circuit {
  return new Circuit()
}

export function isOpen(circuit: Circuit): bool {
  return circuit.open
}

export function generationOf(circuit: Circuit): u32 {
  return circuit.generation
}

export function admits(circuit: Circuit, now: u64): bool {
  return circuit.admits(now)
}

export function called(circuit: Circuit): void {
  circuit.called()
}

export function succeeded(circuit: Circuit, generation: u32): bool {
  return circuit.succeeded(generation)
}

export function failed(circuit: Circuit, generation: u32, now: u64, asked: u32): void {
  circuit.failed(generation, now, asked, u32.MAX_VALUE)
}

/** The memory of a batch with room for so many bytes of JSON. */
export function weightOf(length: u32): u32 {
  return <u32>batchWeight(length)
}

export function newBatch(): OpenBatch {
  return new OpenBatch()
}

/** Adds an event of so many bytes; the memory that the batch takes then, 0 when it could not be added. */
export function addEvent(batch: OpenBatch, length: u32, maxBytes: u32): u32 {
  text.set(allocate(length), length)
  const isAdded = batch.append(text, maxBytes, 0)
  release(text.start)
  return isAdded ? footprint(batch.body - offsetof<Batch>()) : 0
}

/** Where an event could be written, and the bytes of that place. */
export function offered(batch: OpenBatch, maxBytes: u32): Span {
  batch.offer(maxBytes, first)
  return first
}

/** The memory that the sealed batch takes, which is given back. */
export function sealedBytes(batch: OpenBatch): u32 {
  const sealed = batch.seal()
  if (sealed == null) return 0
  const bytes = memoryOf(sealed)
  freeBatch(sealed)
  return bytes
}

export function newTable(): KeyTable {
  return new KeyTable()
}

export function addKey(table: KeyTable, start: usize, length: u32, value: u32): bool {
  if (!table.add(start, length)) return false
  table.entries.word16(value)
  return true
}

/** -1 when it is not there. */
export function valueOfKey(table: KeyTable, start: usize, length: u32): i32 {
  const at = table.find(start, length)
  return at ? <i32>load<u16>(at) : -1
}

export function countOfKeys(table: KeyTable): u32 {
  return table.count
}

export function freeTable(table: KeyTable): void {
  table.free()
}

/** All zero is an exchange of which nothing was decided. */
const decision = changetype<Decision>(memory.data(64))

/** How many exchanges one of this rate stands for; 0 when it is not kept. */
export function settledWeight(rate: u32): u32 {
  return decideByChance(decision, rate) ? decision.weight : 0
}

const schedule = new Schedule()

export function begin(now: u64): void {
  schedule.begin(now)
}

export function isDue(now: u64): bool {
  return schedule.isDue(now)
}

export function lease(now: u64, timeoutMs: u32): void {
  schedule.lease(now, timeoutMs)
}

export function prolong(now: u64, timeoutMs: u32): void {
  schedule.prolong(now, timeoutMs)
}

export function fetched(now: u64, tag: u64): void {
  schedule.fetched(now, tag)
}

export function notFetched(now: u64): void {
  schedule.failed(now)
}

export function sawTag(tag: u64, now: u64): bool {
  return schedule.sawTag(tag, now)
}

export function mayPutOff(now: u64): bool {
  return schedule.mayPutOff(now)
}

export function putOff(now: u64): void {
  schedule.putOff(now)
}

export function dueAt(): u64 {
  return schedule.dueAt
}

export function setDueAt(at: u64): void {
  schedule.dueAt = at
}
