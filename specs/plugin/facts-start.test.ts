import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import { uint64 } from './support/little-endian.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

test('where Envoy’s own start is the moment of the callback, it is asked for one exchange in 16', () => {
  room.properties = { 'request.time': uint64(1_000_000_999_999n) }
  for (let i = 0; i < 40; i++) expect(room.facts.startOf(1_000_000n, 2_000_000n)).toBe(1_000_000n)
  expect(room.asked).toHaveLength(3)
  // Of an exchange that did not come through a callback it is always asked.
  expect(room.facts.startOf(0n, 2_000_000n)).toBe(1_000_000n)
  expect(room.asked).toHaveLength(4)
})

test.each([
  [999_999n, false],
  [1_000_001n, false],
  [999_998n, true],
  [1_000_002n, true],
])('a start at %d ms instead of 1000000 is looked at more closely: %s', (startMs, closer) => {
  room.properties = { 'request.time': uint64(startMs * 1_000_000n) }
  expect(room.facts.startOf(1_000_000n, 2_000_000n)).toBe(startMs)
  expect(room.facts.startOf(1_000_000n, 2_000_000n)).toBe(closer ? startMs : 1_000_000n)
})

test('after a start that differed it is asked 1024 times, again from each that differs', () => {
  const same = uint64(1_000_000n * 1_000_000n)
  room.properties = { 'request.time': uint64(500_000n * 1_000_000n) }
  expect(room.facts.startOf(1_000_000n, 0n)).toBe(500_000n)
  room.properties = { 'request.time': same }
  for (let i = 0; i < 1024; i++) room.facts.startOf(1_000_000n, 0n)
  expect(room.asked).toHaveLength(1025)
  for (let i = 0; i < 15; i++) room.facts.startOf(1_000_000n, 0n)
  expect(room.asked).toHaveLength(1025)
  room.facts.startOf(1_000_000n, 0n)
  expect(room.asked).toHaveLength(1026)
})

test('without Envoy’s start it is when the headers came, or now', () => {
  expect(room.facts.startOf(1000n, 2000n)).toBe(1000n)
  expect(room.facts.startOf(0n, 2000n)).toBe(2000n)
  room.properties = { 'request.time': uint64(0n) }
  expect(room.facts.startOf(0n, 3000n)).toBe(3000n)
  room.properties = { 'request.time': uint64(-1n) }
  expect(room.facts.startOf(0n, 3000n)).toBe(3000n)
  room.properties = { 'request.time': uint64(1_000_000n) }
  expect(room.facts.startOf(0n, 3000n)).toBe(1n)
})
