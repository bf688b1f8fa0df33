import { Directions } from '../facts/direction'
import { Http3 } from '../capture/http3'
import { Route } from '../facts/route'
import { StartTimes } from '../facts/start-times'
import { Options } from '../config/options'
import { Delivery } from '../delivery/delivery'
import { Metrics } from '../delivery/metrics'

/**
 * One root context: a configuration and what was captured under it. Two filters with one `vm_id` share a VM, so
 * nothing of this is global.
 */
@unmanaged
export class RootContext {
  next: RootContext | null = null
  /** Null while capturing is off. */
  options: Options | null = null
  delivery: Delivery | null = null
  /** Null until the first configuration. */
  metrics: Metrics | null = null
  /** Streams that still point here: a root may end before the last of them. */
  streams: u32 = 0
  ended: bool = false
  directions: Directions = new Directions()
  /** Of the exchange whose event is being written; of none without metadata. */
  route: Route = new Route()
  startTimes: StartTimes = new StartTimes()
  http3: Http3 = new Http3()

  constructor(public id: u32) {}

  free(): void {
    const metrics = this.metrics
    if (metrics != null) metrics.free()
    this.directions.free()
    this.route.free()
    heap.free(changetype<usize>(this.startTimes))
    heap.free(changetype<usize>(this.http3))
    heap.free(changetype<usize>(this))
  }
}
