import { property } from '../abi/property'
import { Span, utf8 } from '../abi/span'

const ROUTE_NAME = utf8('xds\0route_name')
const CLUSTER_NAME = utf8('xds\0cluster_name')

/** 2^64 over the golden ratio, to spread bits. */
const GOLDEN: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15

/** Where the router took an exchange, in Envoy's own names; each is empty where there is none. Valid until the callback ends. */
@unmanaged
export class Route {
  readonly name: Span = new Span()
  readonly cluster: Span = new Span()

  /** Two host calls, each as dear as writing a quarter of the event. */
  ask(): void {
    property(ROUTE_NAME, this.name)
    property(CLUSTER_NAME, this.cluster)
  }

  forget(): void {
    this.name.set(0, 0)
    this.cluster.set(0, 0)
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
