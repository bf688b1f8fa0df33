import { Status } from '../abi/constants'
import { integerProperty, property } from '../abi/property'
import { Span, utf8 } from '../abi/span'
import { NodeKind, RootContext } from '../root/root-context'

const NODE_ID = utf8('xds\0node\0id')
const LISTENER_DIRECTION = utf8('xds\0listener_direction')
const OUTBOUND: i64 = 2
const ROUTER = utf8('router~')

const id = new Span()

/**
 * Whether the exchange leaves the mesh's workload rather than arriving. Istio gives a gateway's listener the direction
 * OUTBOUND too, although its traffic comes in: only the node's id tells them apart. One root context can serve listeners
 * of both directions, so what is not a gateway is asked for every exchange.
 */
export function isOutgoing(root: RootContext): bool {
  if (root.nodeKind == NodeKind.Unknown) {
    const known = property(NODE_ID, id) == Status.Ok && id.length >= ROUTER.length
    const router = known && memory.compare(id.start, ROUTER.start, ROUTER.length) == 0
    root.nodeKind = router ? NodeKind.Gateway : NodeKind.Other
  }
  return root.nodeKind == NodeKind.Other && integerProperty(LISTENER_DIRECTION, 0) == OUTBOUND
}
