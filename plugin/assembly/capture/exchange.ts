import { copyOf, PADDING, Span } from '../abi/span'
import { RootContext } from '../root/root-context'
import { BodyPrefix } from './body-prefix'
import { giveBack, takeForHeaders } from './memory-budget'

/** One request and its response, while it lasts. */
@unmanaged
export class Exchange {
  /** The request's header map as it came in, before the router changed it; empty when the filter was never shown it. */
  requestHeaders: Span = new Span()
  requestBody: BodyPrefix = new BodyPrefix()
  responseBody: BodyPrefix = new BodyPrefix()
  /** The headers could not be kept: what on_log shows instead may be the router's. */
  headersLost: bool = false
  logged: bool = false

  constructor(
    public id: u32,
    public root: RootContext,
  ) {}

  keepRequestHeaders(blob: Span): void {
    if (this.requestHeaders.start || blob.length == 0) return
    if (!takeForHeaders(<usize>blob.length + PADDING)) {
      this.headersLost = true
      return
    }
    this.requestHeaders.set(copyOf(blob.start, blob.length), blob.length)
  }

  free(): void {
    if (this.requestHeaders.start) {
      heap.free(this.requestHeaders.start)
      giveBack(<usize>this.requestHeaders.length + PADDING)
    }
    this.requestBody.free()
    this.responseBody.free()
    heap.free(changetype<usize>(this.requestHeaders))
    heap.free(changetype<usize>(this.requestBody))
    heap.free(changetype<usize>(this.responseBody))
    heap.free(changetype<usize>(this))
  }
}
