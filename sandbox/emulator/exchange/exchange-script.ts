import type { HeaderInput, HeaderValue } from '../abi/header-map.ts'
import type { PropertyValue } from '../abi/property-value.ts'
import type { StreamFacts } from '../contexts/stream-facts.ts'

/** One chunk or several. No body at all (`undefined`) differs from an empty one: see `playExchange`. */
export type BodyScript = HeaderValue | readonly HeaderValue[]

export interface RequestScript {
  method?: string
  path?: string
  /** Empty: no Host header at all, which Envoy refuses with 400 (use with `refusedBeforeFilter`). */
  authority?: string
  scheme?: string
  headers?: HeaderInput
  body?: BodyScript
  trailers?: HeaderInput
  /** The client never finishes: no end of stream comes. */
  unfinished?: boolean
  /** Headers that the router adds or replaces after the plugin, null for those it removes: only on_log shows them. */
  routed?: Readonly<Record<string, HeaderValue | null>>
}

export interface ResponseScript {
  status?: number
  headers?: HeaderInput
  body?: BodyScript
  trailers?: HeaderInput
  /** Cut off midway. */
  unfinished?: boolean
  /**
   * Envoy answers itself: `while-decoding` (no route, direct response, a later filter) never lets the plugin see the
   * request's body, `by-router` (connection refused, reset, timeout) does.
   */
  localReply?: 'while-decoding' | 'by-router'
}

/** A whole exchange, as data. Everything has a default: `{}` is a GET of / that is answered 200 without a body. */
export interface ExchangeScript {
  request?: RequestScript
  /** Null when none ever comes. Status 101 makes the bodies frames of an upgraded connection. */
  response?: ResponseScript | null
  protocol?: 'HTTP/1.1' | 'HTTP/2' | 'HTTP/3'
  /** How far the clock moves between the request's last and the response's first callback: ticks fire meanwhile. */
  durationMs?: number
  /** An earlier filter or the codec refused it: the plugin sees nothing but on_log. */
  refusedBeforeFilter?: boolean
  /**
   * How much of a body Envoy keeps for a filter that holds it back by Pause, in bytes; default 1 MiB. Beyond that the request is
   * answered 413, and a response whose headers have left is cut off.
   */
  bufferLimit?: number
  facts?: Partial<Omit<StreamFacts, 'overrides'>>
  /** By dotted path, overriding the emulator's values; null makes one absent. */
  properties?: Readonly<Record<string, PropertyValue | null>>
}
