import type { Body } from './filter.ts'
import type { HeaderMap } from '../abi/header-map.ts'

/** What of one message (request or response) a filter may read and change just now: what its callback shows or it holds. */
export class MessageView {
  headers: HeaderMap | null = null
  trailers: HeaderMap | null = null
  /** What the filter holds of the body. It stays within reach until the next chunk, also when it was let go. */
  held: Body | null = null
  /** The bytes that a callback showed went elsewhere when it answered 2 or 3, and Envoy keeps a pointer to them. */
  isBodyGone = false
  #shown: Body | null = null

  get body(): Body | null {
    return this.held ?? this.#shown
  }

  showBody(body: Body | null): void {
    this.#shown = body
    this.held = null
    this.isBodyGone = false
  }

  /** The answer to a chunk was neither to pass it on nor to hold it whole. */
  loseBody(): void {
    // What is written here reaches nobody.
    this.showBody({ bytes: new Uint8Array(0) })
    this.isBodyGone = true
  }

  /** proxy_continue_stream takes all of it out of reach but the held body. */
  clear(): void {
    this.headers = this.#shown = this.trailers = null
    this.isBodyGone = false
  }
}
