import { HASH_MULTIPLIER } from './hash-multiplier'

/**
 * A hash of some bytes whose upper bits depend on all of them. Eight bytes are read at a time, also at the end: wherever a text begins,
 * every block has room behind it.
 */
export function hashOf(seed: u64, start: usize, length: u32): u64 {
  let hash = seed ^ length
  let at = start
  let left = length
  for (; left > 8; left -= 8) {
    hash = mixed(hash ^ load<u64>(at))
    at += 8
  }
  if (left) hash ^= load<u64>(at) << ((8 - left) << 3)
  return mixed(mixed(hash))
}

function mixed(hash: u64): u64 {
  return (hash ^ (hash >> 32)) * HASH_MULTIPLIER
}
