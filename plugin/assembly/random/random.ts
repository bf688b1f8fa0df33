import { nowMs } from '../abi/clock'
import { randomBytes } from '../abi/random'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'

/** State of xoshiro256**: seeded once per VM, because asking the host would cost a call per event. */
const state = memory.data(32)
let seeded: bool = false

/**
 * 64 random bits, good for identifiers and sampling, not for secrets.
 * https://prng.di.unimi.it/xoshiro256starstar.c
 */
export function random64(): u64 {
  if (!seeded) fillSeed()
  const s0 = load<u64>(state)
  let s1 = load<u64>(state, 8)
  let s2 = load<u64>(state, 16)
  let s3 = load<u64>(state, 24)
  const result = rotl<u64>(s1 * 5, 7) * 9
  const shifted = s1 << 17
  s2 ^= s0
  s3 ^= s1
  s1 ^= s2
  store<u64>(state, s0 ^ s3)
  store<u64>(state, s1, 8)
  store<u64>(state, s2 ^ shifted, 16)
  store<u64>(state, rotl<u64>(s3, 45), 24)
  return result
}

/** A number from 0 on, below `limit`, each as likely. */
export function randomBelow(limit: u32): u32 {
  return <u32>(((random64() >> 32) * limit) >> 32)
}

function fillSeed(): void {
  seeded = true
  randomBytes(state, 32)
  // A host without randomness: the generator never leaves the state of all zeros.
  if (!(load<u64>(state) | load<u64>(state, 8) | load<u64>(state, 16) | load<u64>(state, 24))) {
    store<u64>(state, nowMs() * HASH_MULTIPLIER)
    store<u64>(state, HASH_MULTIPLIER, 8)
  }
}
