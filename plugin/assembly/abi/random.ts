import { random_get } from './wasi_snapshot_preview1'

/** Fills memory with random bytes of the host; false when the host provides none. */
export function randomBytes(start: usize, length: u32): bool {
  return random_get(start, length) == 0
}
