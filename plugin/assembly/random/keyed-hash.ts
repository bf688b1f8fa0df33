import { random64 } from './random'

/** The key, made when it is first needed. */
let keyed: bool = false
let key0: u64 = 0
let key1: u64 = 0

let v0: u64 = 0
let v1: u64 = 0
let v2: u64 = 0
let v3: u64 = 0

/**
 * SipHash-1-3 of some bytes with a random key of this VM: an attacker cannot construct texts that collide. Ten times as slow as
 * what suffices for ordinary texts. https://www.aumasson.jp/siphash/siphash.pdf
 */
export function keyedHash(start: usize, length: u32): u32 {
  if (!keyed) {
    keyed = true
    key0 = random64()
    key1 = random64()
  }
  v0 = key0 ^ wide(0x736f6d65, 0x70736575)
  v1 = key1 ^ wide(0x646f7261, 0x6e646f6d)
  v2 = key0 ^ wide(0x6c796765, 0x6e657261)
  v3 = key1 ^ wide(0x74656462, 0x79746573)
  let at = start
  const whole = start + (length & ~7)
  for (; at < whole; at += 8) absorb(load<u64>(at))
  const rest: u64 = length & 7
  const bytes = load<u64>(at) & (((<u64>1) << (rest << 3)) - 1)
  absorb(bytes | ((<u64>length) << 56))
  v2 ^= 0xff
  for (let i = 0; i < 3; i++) round()
  const hash = v0 ^ v1 ^ v2 ^ v3
  return <u32>(hash ^ (hash >> 32))
}

/** @note in one literal the linter sees a number that JavaScript could not hold. */
function wide(high: u64, low: u64): u64 {
  return (high << 32) | low
}

function absorb(word: u64): void {
  v3 ^= word
  round()
  v0 ^= word
}

function round(): void {
  v0 += v1
  v2 += v3
  v1 = rotl<u64>(v1, 13) ^ v0
  v3 = rotl<u64>(v3, 16) ^ v2
  v0 = rotl<u64>(v0, 32)
  v2 += v1
  v0 += v3
  v1 = rotl<u64>(v1, 17) ^ v2
  v3 = rotl<u64>(v3, 21) ^ v0
  v2 = rotl<u64>(v2, 32)
}
