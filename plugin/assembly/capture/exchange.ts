import { clear, copyOf, PADDING, Span } from '../memory/span'
import { RootContext } from '../contexts/root-context'
import { BodyPrefix } from './body-prefix'
import { giveBack, takeForHeaders } from './memory-budget'

/** One request and its response, while it lasts. Its parts lie behind it in the same block. */
@unmanaged
export class Exchange {
  id: u32
  root: RootContext
  /** The headers could not be kept: what on_log shows instead may be the router's. */
  headersLost: bool
  /** on_log has come. */
  logged: bool
  /** The last byte has passed, and no trailers follow. */
  requestEnded: bool
  responseEnded: bool
  /** When the request's headers came, Unix ms; 0 when the filter was never shown them. */
  arrivedAt: u64

  /** The request's header map as it came in, before the router changed it; empty when the filter was never shown it. */
  get requestHeaders(): Span {
    return changetype<Span>(changetype<usize>(this) + REQUEST_HEADERS)
  }

  /** The response's header map where on_log will not show it; empty elsewhere. */
  get responseHeaders(): Span {
    return changetype<Span>(changetype<usize>(this) + RESPONSE_HEADERS)
  }

  get requestBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + REQUEST_BODY)
  }

  get responseBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + RESPONSE_BODY)
  }

  keepRequestHeaders(blob: Span): void {
    if (!this.requestHeaders.start) this.keep(blob, this.requestHeaders)
  }

  /** The last ones count: Envoy may put an answer of its own in place of the upstream's. */
  keepResponseHeaders(blob: Span): void {
    drop(this.responseHeaders)
    this.keep(blob, this.responseHeaders)
  }

  free(): void {
    drop(this.requestHeaders)
    drop(this.responseHeaders)
    this.requestBody.free()
    this.responseBody.free()
    // The next stream takes the block as it is: faster than the heap, and bounded by the streams once open at a time.
    store<usize>(changetype<usize>(this), spare)
    spare = changetype<usize>(this)
  }

  private keep(blob: Span, into: Span): void {
    if (blob.length == 0) return
    if (takeForHeaders(<usize>blob.length + PADDING)) {
      into.set(copyOf(blob.start, blob.length), blob.length)
    } else this.headersLost = true
  }
}

function drop(kept: Span): void {
  if (!kept.start) return
  heap.free(kept.start)
  giveBack(<usize>kept.length + PADDING)
  kept.set(0, 0)
}

const REQUEST_HEADERS: usize = offsetof<Exchange>()
const RESPONSE_HEADERS: usize = REQUEST_HEADERS + offsetof<Span>()
const REQUEST_BODY: usize = (RESPONSE_HEADERS + offsetof<Span>() + 7) & ~7
const RESPONSE_BODY: usize = (REQUEST_BODY + offsetof<BodyPrefix>() + 7) & ~7
const SIZE: usize = (RESPONSE_BODY + offsetof<BodyPrefix>() + 15) & ~15

/** Blocks of exchanges that are over, linked through their first word. */
let spare: usize = 0

export function openExchange(id: u32, root: RootContext): Exchange {
  let block = spare
  if (block) spare = load<usize>(block)
  else block = heap.alloc(SIZE)
  clear(block, SIZE)
  const exchange = changetype<Exchange>(block)
  exchange.id = id
  exchange.root = root
  return exchange
}
