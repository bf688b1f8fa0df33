import { integerProperty, property } from '../abi/property'
import { Span, utf8 } from '../abi/span'
import { NodeKind, RootContext } from '../root/root-context'

const NODE_ID = utf8('xds\0node\0id')
const LISTENER_DIRECTION = utf8('xds\0listener_direction')
const OUTBOUND: i64 = 2
const GATEWAY = utf8('router~')

const id = new Span()

/**
 * Whether the exchange leaves the mesh's workload rather than arriving. Istio gives a gateway's listener the direction
 * OUTBOUND too, although its traffic comes in: only the node's id tells them apart.
 *
 * @note what is no gateway is asked for every exchange: Envoy 1.40 has one root context for all listeners with the same
 * filter configuration, whatever their directions.
 */
export function isOutgoing(root: RootContext): bool {
  if (root.nodeKind == NodeKind.Unknown) {
    root.nodeKind = isGateway() ? NodeKind.Gateway : NodeKind.Other
  }
  return root.nodeKind == NodeKind.Other && integerProperty(LISTENER_DIRECTION, 0) == OUTBOUND
}

function isGateway(): bool {
  property(NODE_ID, id)
  return id.length >= GATEWAY.length && memory.compare(id.start, GATEWAY.start, GATEWAY.length) == 0
}
