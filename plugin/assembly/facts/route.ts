import { property } from '../abi/property'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'
import { Span, utf8 } from '../memory/span'

const ROUTE_NAME = utf8('xds\0route_name')
const CLUSTER_NAME = utf8('xds\0cluster_name')

/** While no route had a name, the route name of one exchange in this many is read. */
const SAMPLE: u32 = 16

/** Whether routes have names. Reading one costs as much as writing a quarter of the event, and many configurations have none. */
@unmanaged
export class RouteNames {
  private exist: bool
  private seen: u32

  /** The route and cluster of the exchange whose callback this is, by Envoy's names; `route` is empty before, and left so where there is none. */
  ask(route: Span, cluster: Span): void {
    property(CLUSTER_NAME, cluster)
    if (!this.exist && this.seen++ % SAMPLE != 0) return
    property(ROUTE_NAME, route)
    if (route.length) this.exist = true
  }
}

/** Distinguishes routes; 0 when there was no cluster. */
export function routeFingerprint(route: Span, cluster: Span): u64 {
  if (!cluster.length) return 0
  return mix(mix(0, route), cluster) | 1
}

function mix(seed: u64, text: Span): u64 {
  let hash = (seed ^ text.length) * HASH_MULTIPLIER
  const end = text.end
  let at = text.start
  for (; at + 8 <= end; at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * HASH_MULTIPLIER, 29)
  for (; at < end; at++) hash = rotl<u64>((hash ^ load<u8>(at)) * HASH_MULTIPLIER, 29)
  return hash
}
