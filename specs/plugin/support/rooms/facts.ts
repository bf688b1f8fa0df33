/** What is found out of an exchange, part by part, as a module of its own, for specs. The host is what a spec gives. */
import '../../../../plugin/assembly/abi/abort'
import { authority } from '../../../../plugin/assembly/facts/authority'
import { bodyKind } from '../../../../plugin/assembly/facts/body-kind'
import {
  HeaderEntry,
  HeaderTable,
  headerName,
} from '../../../../plugin/assembly/facts/header-table'
import { leaveOutHopByHop } from '../../../../plugin/assembly/facts/hop-by-hop'
import { identity } from '../../../../plugin/assembly/facts/identity'
import { addressIn } from '../../../../plugin/assembly/facts/ip-address'
import { Outcome } from '../../../../plugin/assembly/facts/outcome'
import { propertyText } from '../../../../plugin/assembly/facts/property-text'
import { asksForSwitch, isSwitched } from '../../../../plugin/assembly/facts/protocol-switch'
import { routeFingerprint } from '../../../../plugin/assembly/facts/route'
import { RootFacts } from '../../../../plugin/assembly/facts/root-facts'
import { statusOf } from '../../../../plugin/assembly/facts/status'
import { traceId } from '../../../../plugin/assembly/facts/trace-id'
import { reset, allocate as allocateForHost } from '../../../../plugin/assembly/memory/arena'
import { Span } from '../../../../plugin/assembly/memory/span'
import { keyedHash } from '../../../../plugin/assembly/random/keyed-hash'
import { random64, randomBelow } from '../../../../plugin/assembly/random/random'

export { heldMemory, takeBackResults } from './held-memory'
export { allocate, release } from './bytes'
export { allocateForHost, keyedHash, random64, randomBelow }

const into = new Span()
const other = new Span()
const blob = new Span()
const request = new HeaderTable()
const response = new HeaderTable()
const outcome = new Outcome()
let root = new RootFacts()

/** What one callback sees: the headers of a request, or of its response. */
export function readRequest(start: usize, length: u32): void {
  reset()
  blob.set(start, length)
  request.read(blob)
}

export function readResponse(start: usize, length: u32): void {
  blob.set(start, length)
  response.read(blob)
}

export function count(): u32 {
  return request.count
}

export function collisions(): u32 {
  return request.collisions
}

/** An entry by its number. */
export function entryAt(index: u32): HeaderEntry {
  return request.at(index)
}

export function find(start: usize, length: u32): HeaderEntry | null {
  other.set(start, length)
  return request.findSpan(other)
}

/** The same by a name that is known beforehand. */
export function findKnown(start: usize, length: u32): HeaderEntry | null {
  other.set(start, length)
  const name = headerName(other)
  const entry = request.find(name)
  heap.free(changetype<usize>(name))
  return entry
}

export function valueOf(entry: HeaderEntry): Span {
  into.set(entry.value, entry.valueLength)
  return into
}

export function nextOf(entry: HeaderEntry): HeaderEntry | null {
  return entry.again
}

export function isFirst(entry: HeaderEntry): bool {
  return entry.isFirst
}

export function isMasked(entry: HeaderEntry): bool {
  return entry.masked
}

export function replace(entry: HeaderEntry, value: usize, length: u32): void {
  request.replace(entry, value, value + length)
}

export function leaveOut(): void {
  leaveOutHopByHop(request)
}

export function address(start: usize, length: u32): Span | null {
  return addressIn(start, length, into) ? into : null
}

export function text(start: usize, length: u32): Span | null {
  reset()
  other.set(start, length)
  return propertyText(other, into) ? into : null
}

export function authorityOf(): Span {
  authority(request, into)
  return into
}

export function traceOf(): Span {
  traceId(request, into)
  return into
}

export function identityOf(start: usize, length: u32): Span {
  other.set(start, length)
  identity(other, request, response, into)
  return into
}

export function kindOfBody(most: u32): u32 {
  return bodyKind(request, most)
}

export function asks(): bool {
  return asksForSwitch(request)
}

export function switched(asked: bool, code: u32): bool {
  return isSwitched(asked, response, code)
}

export function status(): u32 {
  return statusOf(response)
}

export function begin(): void {
  root.free()
  root = new RootFacts()
}

export function isOutgoing(route: u64, now: u64): bool {
  return root.directions.isOutgoing(route, now)
}

/** The route's name, and in `clusterName` the cluster's. */
export function routeName(): Span {
  into.clear()
  root.routeNames.ask(into, other)
  return into
}

export function clusterName(): Span {
  return other
}

export function fingerprint(route: usize, routeLength: u32, cluster: usize, length: u32): u64 {
  into.set(route, routeLength)
  other.set(cluster, length)
  return routeFingerprint(into, other)
}

export function startOf(arrived: u64, now: u64): u64 {
  return root.startTimes.of(arrived, now)
}

export function askOutcome(code: u32, whole: bool, logged: bool): void {
  outcome.ask(code, whole, logged, request)
}

export function details(): Span {
  return outcome.details
}

export function flags(): u64 {
  return outcome.flags
}

export function grpcStatus(): i64 {
  return outcome.grpcStatus
}
