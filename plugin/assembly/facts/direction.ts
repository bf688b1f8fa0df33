import { integerProperty, property } from '../abi/property'
import { Span, utf8 } from '../memory/span'

const NODE_ID = utf8('xds\0node\0id')
const LISTENER_DIRECTION = utf8('xds\0listener_direction')
const OUTBOUND: i64 = 2
const GATEWAY = utf8('router~')
const SIDECAR = utf8('sidecar~')

/** How long a direction is cached: a listener may be given another one while it runs. */
const HOLDS_MS: u64 = 1000
/** A power of two. */
const ANSWERS: u32 = 64

const enum NodeKind {
  Unknown,
  /** An Istio gateway: `router~…`. */
  Gateway,
  /** An Istio sidecar: `sidecar~…`. */
  Sidecar,
  Other,
}

@unmanaged
class Answer {
  route: u64
  askedAt: u64
  outgoing: bool
}

const id = new Span()

/**
 * Whether exchanges leave the mesh's workload rather than arriving. Istio gives a gateway's listener the direction
 * OUTBOUND too, although its traffic comes in: only the node's id distinguishes them.
 *
 * @note Envoy 1.40 has one root context for all listeners with the same filter configuration, whatever their directions, so a
 * root has no direction. Outside a mesh a route and its cluster have one, which is asked for once a second; a sidecar is asked
 * for each exchange.
 */
@unmanaged
export class Directions {
  private nodeKind: NodeKind = NodeKind.Unknown
  private answers: usize = heap.alloc(ANSWERS * offsetof<Answer>())

  constructor() {
    memory.fill(this.answers, 0, ANSWERS * offsetof<Answer>())
  }

  isOutgoing(route: u64, now: u64): bool {
    if (this.nodeKind == NodeKind.Unknown) this.nodeKind = kindOfNode()
    if (this.nodeKind == NodeKind.Gateway) return false
    if (this.nodeKind == NodeKind.Sidecar || !route) return ask()
    const answer = this.answerOf(route)
    if (answer.route != route || now - answer.askedAt >= HOLDS_MS) {
      answer.route = route
      answer.askedAt = now
      answer.outgoing = ask()
    }
    return answer.outgoing
  }

  free(): void {
    heap.free(this.answers)
    heap.free(changetype<usize>(this))
  }

  private answerOf(route: u64): Answer {
    const place = (<u32>(route >> 32)) & (ANSWERS - 1)
    return changetype<Answer>(this.answers + place * offsetof<Answer>())
  }
}

function ask(): bool {
  return integerProperty(LISTENER_DIRECTION, 0) == OUTBOUND
}

function kindOfNode(): NodeKind {
  property(NODE_ID, id)
  if (startsWith(id, GATEWAY)) return NodeKind.Gateway
  return startsWith(id, SIDECAR) ? NodeKind.Sidecar : NodeKind.Other
}

function startsWith(text: Span, start: Span): bool {
  return text.length >= start.length && memory.compare(text.start, start.start, start.length) == 0
}
