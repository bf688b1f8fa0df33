/**
 * Bytes of open exchanges (headers and body prefixes) that this VM holds. Linear memory never shrinks and a failed
 * allocation kills the filter, so the bodies of many slow streams must have a common bound.
 */
const BODIES: usize = 64 * 1024 * 1024
/** Headers may use what bodies may not: an exchange without its body is still an event. */
const ALL: usize = 96 * 1024 * 1024

let held: usize

export function takeForBody(bytes: usize): bool {
  return take(bytes, BODIES)
}

export function takeForHeaders(bytes: usize): bool {
  return take(bytes, ALL)
}

export function giveBack(bytes: usize): void {
  held -= bytes
}

function take(bytes: usize, limit: usize): bool {
  if (bytes > limit || held > limit - bytes) return false
  held += bytes
  return true
}
