import { GOLDEN } from '../memory/golden'
import { property } from '../abi/property'
import { Span, utf8 } from '../memory/span'

const ROUTE_NAME = utf8('xds\0route_name')
const CLUSTER_NAME = utf8('xds\0cluster_name')

/** While no route had a name, one exchange of so many is asked for its route's. */
const SAMPLE: u32 = 16

/** Where the router took an exchange, in Envoy's own names: empty where there is none, valid until the callback ends. */
@unmanaged
export class Route {
  readonly name: Span = new Span()
  readonly cluster: Span = new Span()
  private named: bool = false
  private seen: u32 = 0

  /** Asking for either costs as much as writing a quarter of the event, and in many configurations no route has a name. */
  ask(): void {
    property(CLUSTER_NAME, this.cluster)
    this.name.set(0, 0)
    if (!this.named && this.seen++ % SAMPLE != 0) return
    property(ROUTE_NAME, this.name)
    if (this.name.length) this.named = true
  }

  free(): void {
    heap.free(changetype<usize>(this.name))
    heap.free(changetype<usize>(this.cluster))
    heap.free(changetype<usize>(this))
  }

  /** Tells routes apart; 0 for none, when there was no cluster. */
  get fingerprint(): u64 {
    if (!this.cluster.length) return 0
    return mix(mix(0, this.name), this.cluster) | 1
  }
}

function mix(seed: u64, text: Span): u64 {
  let hash = (seed ^ text.length) * GOLDEN
  const end = text.end
  let at = text.start
  for (; at + 8 <= end; at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * GOLDEN, 29)
  for (; at < end; at++) hash = rotl<u64>((hash ^ load<u8>(at)) * GOLDEN, 29)
  return hash
}
