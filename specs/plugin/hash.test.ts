import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

let room: Room<{ hashOf(seed: bigint, start: number, length: number): bigint }>
beforeAll(async () => {
  room = await Room.compile('basics')
})

/** Whatever stands behind a text is no part of it. */
const hashOf = (bytes: Uint8Array, behind = 0, seed = 0n): bigint =>
  room.with(Buffer.concat([bytes, Buffer.alloc(16, behind)]), (at) =>
    BigInt.asUintN(64, room.exports.hashOf(seed, at, bytes.length)),
  )

const LENGTHS = [1, 2, 7, 8, 9, 15, 16, 17, 24, 25]

test('a hash is of all bits of a text, and of nothing behind it', () => {
  for (const length of LENGTHS) {
    const text = Buffer.alloc(length, 'a')
    const hashes = new Set([hashOf(text) >> 32n])
    expect(hashOf(text, 0xff)).toBe(hashOf(text))
    for (let bit = 0; bit < length * 8; bit++) {
      const other = Buffer.from(text)
      other[bit >> 3]! ^= 1 << (bit & 7)
      hashes.add(hashOf(other) >> 32n)
    }
    expect(hashes.size).toBe(1 + length * 8)
  }
})

test('texts of zeros have a hash for each length, and another one for each seed', () => {
  const hashes = Array.from({ length: 26 }, (_, length) => hashOf(Buffer.alloc(length)))
  const seeded = Array.from({ length: 26 }, (_, seed) => hashOf(Buffer.from('a'), 0, BigInt(seed)))

  expect(new Set(hashes).size).toBe(26)
  expect(new Set(seeded).size).toBe(26)
})

test('what stands where in a text counts', () => {
  const [first, second] = ['12345678', 'abcdefgh']

  expect(hashOf(Buffer.from(first + second))).not.toBe(hashOf(Buffer.from(second + first)))
  expect(hashOf(Buffer.from(`${first}${second}x`))).not.toBe(
    hashOf(Buffer.from(`${second}${first}x`)),
  )
})

test('hashes of texts that differ little are spread evenly, by their first bits and by those behind', () => {
  const texts = Array.from({ length: 4096 }, (_, i) => [`user-${i}`, `/v1/items/${i}/details`])
  for (const shift of [56n, 32n]) {
    const counts = new Uint32Array(256)
    for (const text of texts.flat()) counts[Number((hashOf(Buffer.from(text)) >> shift) & 255n)]!++
    // 32 each, plus or minus seven times the deviation that chance has.
    expect(Math.max(...counts)).toBeLessThan(32 + 40)
    expect(Math.min(...counts)).toBeGreaterThan(2)
  }
})
