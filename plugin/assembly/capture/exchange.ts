import { clear, copyOf, PADDING, Span } from '../abi/span'
import { RootContext } from '../root/root-context'
import { BodyPrefix } from './body-prefix'
import { giveBack, takeForHeaders } from './memory-budget'

/** One request and its response, while it lasts. Its parts lie behind it in the same block. */
@unmanaged
export class Exchange {
  id: u32
  root: RootContext
  /** The headers could not be kept: what on_log shows instead may be the router's. */
  headersLost: bool
  logged: bool
  /** The last byte has passed, and no trailers follow. */
  requestEnded: bool
  responseEnded: bool
  /** When the request's headers came, Unix ms; 0 when the filter was never shown them. */
  arrivedAt: u64

  /** The request's header map as it came in, before the router changed it; empty when the filter was never shown it. */
  get requestHeaders(): Span {
    return changetype<Span>(changetype<usize>(this) + HEADERS)
  }

  get requestBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + REQUEST_BODY)
  }

  get responseBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + RESPONSE_BODY)
  }

  keepRequestHeaders(blob: Span): void {
    const kept = this.requestHeaders
    if (kept.start || blob.length == 0) return
    if (!takeForHeaders(<usize>blob.length + PADDING)) {
      this.headersLost = true
      return
    }
    kept.set(copyOf(blob.start, blob.length), blob.length)
  }

  free(): void {
    const kept = this.requestHeaders
    if (kept.start) {
      heap.free(kept.start)
      giveBack(<usize>kept.length + PADDING)
    }
    this.requestBody.free()
    this.responseBody.free()
    // The next stream takes the block as it is: faster than the heap, and bounded by the streams once open at a time.
    store<usize>(changetype<usize>(this), spare)
    spare = changetype<usize>(this)
  }
}

const HEADERS: usize = offsetof<Exchange>()
const REQUEST_BODY: usize = (HEADERS + offsetof<Span>() + 7) & ~7
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
