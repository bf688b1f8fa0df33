import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

const MASK = (1n << 64n) - 1n

const rotl = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & MASK

/** https://prng.di.unimi.it/xoshiro256starstar.c */
function* xoshiro(from: bigint[]): Generator<bigint> {
  const s = [...from] as [bigint, bigint, bigint, bigint]
  while (true) {
    yield (rotl((s[1] * 5n) & MASK, 7n) * 9n) & MASK
    const t = (s[1] << 17n) & MASK
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 45n)
  }
}

const GOLDEN = 0x9e3779b97f4a7c15n

/** https://www.aumasson.jp/siphash/siphash.pdf, with one round a word and three at the end, folded to 32 bits. */
function sipHash13(key0: bigint, key1: bigint, bytes: Buffer): number {
  const v = [
    key0 ^ 0x736f6d6570736575n,
    key1 ^ 0x646f72616e646f6dn,
    key0 ^ 0x6c7967656e657261n,
    key1 ^ 0x7465646279746573n,
  ] as [bigint, bigint, bigint, bigint]
  const round = () => {
    v[0] = (v[0] + v[1]) & MASK
    v[2] = (v[2] + v[3]) & MASK
    v[1] = rotl(v[1], 13n) ^ v[0]
    v[3] = rotl(v[3], 16n) ^ v[2]
    v[0] = rotl(v[0], 32n)
    v[2] = (v[2] + v[1]) & MASK
    v[0] = (v[0] + v[3]) & MASK
    v[1] = rotl(v[1], 17n) ^ v[2]
    v[3] = rotl(v[3], 21n) ^ v[0]
    v[2] = rotl(v[2], 32n)
  }
  const padded = Buffer.alloc((bytes.length & ~7) + 8)
  bytes.copy(padded)
  padded[padded.length - 1] = bytes.length & 255
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at)
    v[3] ^= word
    round()
    v[0] ^= word
  }
  v[2] ^= 0xffn
  for (let i = 0; i < 3; i++) round()
  const hash = v[0] ^ v[1] ^ v[2] ^ v[3]
  return Number((hash ^ (hash >> 32n)) & 0xffffffffn)
}

test('random numbers are those of xoshiro256**, begun with what the host gives', () => {
  room.seed = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 89 + 7) & 255))
  const expected = xoshiro([0, 8, 16, 24].map((at) => room.seed.readBigUInt64LE(at)))
  for (let i = 0; i < 50; i++)
    expect(BigInt.asUintN(64, room.facts.random64())).toBe(expected.next().value)
  for (const limit of [1, 10, 1000, 2 ** 32 - 1]) {
    const next = expected.next().value as bigint
    expect(room.facts.randomBelow(limit) >>> 0).toBe(Number(((next >> 32n) * BigInt(limit)) >> 32n))
  }
})

test('without randomness of the host they are begun with the time', () => {
  room.unixNs = 1_795_000_000_123_000_000n
  const expected = xoshiro([(1_795_000_000_123n * GOLDEN) & MASK, GOLDEN, 0n, 0n])
  for (let i = 0; i < 5; i++)
    expect(BigInt.asUintN(64, room.facts.random64())).toBe(expected.next().value)
})

test.each([0, 8, 16, 24])('a single bit of randomness is enough, in byte %d', (at) => {
  room.seed[at] = 1
  const expected = xoshiro([0, 8, 16, 24].map((from) => room.seed.readBigUInt64LE(from)))
  for (let i = 0; i < 5; i++)
    expect(BigInt.asUintN(64, room.facts.random64())).toBe(expected.next().value)
})

test('keyed hashes are those of SipHash-1-3 with a random key', () => {
  room.seed = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 57 + 3) & 255))
  const keys = xoshiro([0, 8, 16, 24].map((at) => room.seed.readBigUInt64LE(at)))
  const [key0, key1] = [keys.next().value as bigint, keys.next().value as bigint]
  for (let length = 0; length < 40; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 31 + length) & 255))
    const at = room.plugin.place(Buffer.concat([bytes, Buffer.alloc(8, 0xa5)]))
    expect(room.facts.keyedHash(at, length) >>> 0, String(length)).toBe(
      sipHash13(key0, key1, bytes),
    )
  }
})
