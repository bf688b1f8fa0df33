import type { Body } from './filter.ts'
import type { HeaderMap } from '../abi/header-map.ts'

/** What of one message (request or response) a filter may read and change just now: what its callback shows or it holds. */
export class MessageView {
  headers: HeaderMap | null = null
  body: Body | null = null
  trailers: HeaderMap | null = null

  /** proxy_continue_stream takes all of it out of reach. */
  clear(): void {
    this.headers = this.body = this.trailers = null
  }
}
