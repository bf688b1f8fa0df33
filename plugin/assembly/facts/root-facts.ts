import { Directions } from './direction'
import { RouteNames } from './route'
import { StartTimes } from './start-times'

/** What is known from earlier exchanges of one root context, so that Envoy is not asked the same for each. */
@unmanaged
export class RootFacts {
  startTimes: StartTimes = new StartTimes()
  routeNames: RouteNames = new RouteNames()
  directions: Directions = new Directions()

  free(): void {
    heap.free(changetype<usize>(this.startTimes))
    heap.free(changetype<usize>(this.routeNames))
    this.directions.free()
    heap.free(changetype<usize>(this))
  }
}
