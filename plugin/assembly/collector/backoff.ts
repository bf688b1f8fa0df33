const FIRST_CEILING_MS: u32 = 500
const LAST_CEILING_MS: u32 = 30000

/**
 * Exponential backoff with full jitter: evenly spread up to a ceiling that doubles with each failure, 500 ms to 30 s.
 * Full jitter, because all workers of all gateways lose the collector at the same moment.
 *
 * @param failures in a row, 1 for the first
 * @param random 32 random bits
 */
export function backoffMs(failures: u32, random: u32): u32 {
  const doublings = min(failures - 1, 6)
  const ceiling = min(FIRST_CEILING_MS << doublings, LAST_CEILING_MS)
  return max(<u32>((<u64>random * (ceiling + 1)) >> 32), 1)
}
