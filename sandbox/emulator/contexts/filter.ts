import type { HeaderMap } from '../abi/header-map.ts'

export type Side = 'request' | 'response'

/** Body bytes on their way; filters change them in place. */
export interface Body {
  bytes: Uint8Array
}

/** One filter of a chain, as one direction of a stream sees it. */
export interface Filter {
  onHeaders(side: Side, map: HeaderMap, endOfStream: boolean): number
  /** `shown` is what the filter reads: the chunk, or all that it held back so far with the chunk at its end. */
  onBody(side: Side, shown: Body, endOfStream: boolean): number
  onTrailers(side: Side, map: HeaderMap): number
}
