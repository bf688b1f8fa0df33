import { expect, test } from 'vitest'
import { loadParts, type Handle } from './support/parts.ts'

const room = await loadParts()
const parts = room.exports

const MOST = 10_000

/** The memory that the batch takes after each of so many events of 100 bytes. */
const grow = (batch: Handle, events: number, most = MOST): number[] =>
  Array.from({ length: events }, () => parts.addEvent(batch, 100, most))

/** Bytes of JSON with so many of them. */
const jsonOf = (events: number) => 1 + events * 101

/** Bytes that an event may have to be written in the batch. */
function placeFor(batch: Handle, most = MOST): number {
  return room.read(parts.offered(batch, most), 8).readUInt32LE(4)
}

test('the memory of an open batch doubles up to batch_max_bytes, and then is what its events need', () => {
  const taken = grow(parts.newBatch(), 102)

  const rooms = [102, 204, 408, 816, 1632, 3264, 6528, MOST]
  expect([...new Set(taken.slice(0, 98))]).toEqual(rooms.map((bytes) => parts.weightOf(bytes)))
  const beyond = [99, 100, 101, 102].map((events) => parts.weightOf(jsonOf(events)))
  expect(taken.slice(98)).toEqual([parts.weightOf(MOST), ...beyond.slice(1)])
})

test('a sealed batch takes what its events need, and the next one begins with as much', () => {
  const batch = parts.newBatch()
  grow(batch, 50)
  expect(parts.sealedBytes(batch)).toBe(parts.weightOf(jsonOf(50)))
  expect(parts.sealedBytes(batch)).toBe(0)

  expect(new Set(grow(batch, 50))).toEqual(new Set([parts.weightOf(jsonOf(50))]))
  grow(batch, 1)
  expect(parts.sealedBytes(batch)).toBe(parts.weightOf(jsonOf(51)))
})

test('an event that fits can be written where it will stand, in each batch but the first', () => {
  const batch = parts.newBatch()
  expect(placeFor(batch)).toBe(0)
  grow(batch, 2)
  expect(placeFor(batch)).toBe(0)
  grow(batch, 1)
  expect(placeFor(batch)).toBe(408 - jsonOf(3) - 1)
  parts.sealedBytes(batch)

  expect(placeFor(batch)).toBe(jsonOf(3) - 2)
  expect(placeFor(batch, 100)).toBe(98)
  grow(batch, 1)
  expect([104, 105].map((most) => placeFor(batch, most))).toEqual([1, 2])
  expect([102, 103].map((most) => placeFor(batch, most))).toEqual([0, 0])
})
