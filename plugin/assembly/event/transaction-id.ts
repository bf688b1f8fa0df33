import { nowMs } from '../abi/clock'
import { GOLDEN } from '../memory/golden'
import { randomBytes } from '../abi/random'
import { MINUS } from '../text/bytes'
import { writeHex } from '../text/hex'
import * as writer from './writer'

/** State of xoshiro256**: seeded once a VM, because asking the host for every event would cost a call each. */
const seed = memory.data(32)
let seeded: bool = false
/** 36 characters, and room behind them. */
const text = memory.data(48)

/** A random (version 4) UUID. */
export function transactionId(): void {
  if (!seeded) fillSeed()
  const high = (next() & ~(<u64>0xf000)) | 0x4000
  const low = ((next() << 2) >> 2) | ((<u64>1) << 63)
  writeHex(text, <u32>(high >> 32), 8)
  writeHex(text + 9, (<u32>(high >> 16)) & 0xffff, 4)
  writeHex(text + 14, (<u32>high) & 0xffff, 4)
  writeHex(text + 19, <u32>(low >> 48), 4)
  writeHex(text + 24, (<u32>(low >> 32)) & 0xffff, 4)
  writeHex(text + 28, <u32>low, 8)
  store<u8>(text, MINUS, 8)
  store<u8>(text, MINUS, 13)
  store<u8>(text, MINUS, 18)
  store<u8>(text, MINUS, 23)
  writer.raw(text, 36)
}

function fillSeed(): void {
  seeded = true
  randomBytes(seed, 32)
  // A host without randomness: all zero is the one state the generator never leaves.
  if (!(load<u64>(seed) | load<u64>(seed, 8) | load<u64>(seed, 16) | load<u64>(seed, 24))) {
    store<u64>(seed, nowMs() * GOLDEN)
    store<u64>(seed, GOLDEN, 8)
  }
}

/** https://prng.di.unimi.it/xoshiro256starstar.c */
function next(): u64 {
  const s0 = load<u64>(seed)
  let s1 = load<u64>(seed, 8)
  let s2 = load<u64>(seed, 16)
  let s3 = load<u64>(seed, 24)
  const result = rotl<u64>(s1 * 5, 7) * 9
  const shifted = s1 << 17
  s2 ^= s0
  s3 ^= s1
  s1 ^= s2
  store<u64>(seed, s0 ^ s3)
  store<u64>(seed, s1, 8)
  store<u64>(seed, s2 ^ shifted, 16)
  store<u64>(seed, rotl<u64>(s3, 45), 24)
  return result
}
