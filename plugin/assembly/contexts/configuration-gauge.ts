import { monotonicMs } from '../abi/clock'
import { RootContext } from './root-context'

/** A refused configuration without streams for this long, while others had some, counts as replaced. */
const REPLACED_MS: u64 = 5000

/** The value that this VM recorded last. */
let reported: bool

/**
 * Makes `moesif_configuration_invalid` describe the configuration in use. When a configuration returns while its root context still
 * drains, Envoy reuses that context without on_configure: only its new streams show it.
 */
export function configured(root: RootContext): void {
  // The configuration loaded last decides, until another one gets a stream.
  root.seenAt = monotonicMs()
  report(root, root.options == null)
}

/** A stream was created. Of roots that capture it is only noted: their ticks look at the clock. */
export function streamSeen(root: RootContext): void {
  root.hasNewStream = true
  if (root.options != null) return
  root.seenAt = monotonicMs()
  // Recorded each time: another worker may have recorded another value meanwhile.
  report(root, true)
}

/** Of a root that captures: whether what was refused is still live. */
export function ticked(root: RootContext, roots: RootContext | null): void {
  if (!root.hasNewStream) return
  root.hasNewStream = false
  root.seenAt = monotonicMs()
  if (reported && !isAnyInvalid(roots, root.seenAt)) report(root, false)
}

/** A root has ended: the remaining ones may all be valid. */
export function removed(roots: RootContext | null): void {
  let other = reported ? roots : null
  while (other != null) {
    if (other.options != null) {
      if (!isAnyInvalid(roots, other.seenAt)) report(other, false)
      return
    }
    other = other.next
  }
}

function isAnyInvalid(roots: RootContext | null, now: u64): bool {
  let other = roots
  while (other != null) {
    const isRefused = !other.ended && other.metrics != null && other.options == null
    if (isRefused && other.seenAt + REPLACED_MS > now) return true
    other = other.next
  }
  return false
}

function report(root: RootContext, invalid: bool): void {
  reported = invalid
  const metrics = root.metrics
  if (metrics != null) metrics.configurationInvalid(invalid)
}
