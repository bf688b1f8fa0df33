let offset: u64 = 0
let latest: u64 = 0

/**
 * Time for ages and deadlines: the wall clock, except that it stands still while the wall clock is being set back.
 * Otherwise a correction by an hour would stop deliveries for an hour. One for the VM, since batches change owners.
 */
export function monotonicMs(unixMs: u64): u64 {
  if (unixMs < latest) offset += latest - unixMs
  latest = unixMs
  return unixMs + offset
}
