import type { HeaderInput, HeaderValue } from '../abi/header-map.ts'
import type { PropertyValue } from '../abi/property-value.ts'
import type { StreamFacts } from '../contexts/stream-facts.ts'
import { requireCount, requireDuration, requireOneOf } from '../host/option-checks.ts'

const protocols = ['HTTP/1.1', 'HTTP/2', 'HTTP/3'] as const
const localReplies = ['while-decoding', 'by-router'] as const

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
  localReply?: (typeof localReplies)[number]
}

/** A whole exchange, as data. Everything has a default: `{}` is a GET of / that is answered 200 without a body. */
export interface ExchangeScript {
  request?: RequestScript
  /** Null when none ever comes. Status 101 makes the bodies frames of an upgraded connection. */
  response?: ResponseScript | null
  protocol?: (typeof protocols)[number]
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

/** @internal Throws where a number or a word of it can't be meant, before any stream is opened for it. */
export function checkScript({ protocol, durationMs, bufferLimit, response }: ExchangeScript): void {
  if (protocol !== undefined) requireOneOf('The protocol of an exchange', protocol, protocols)
  if (durationMs !== undefined) requireDuration('The durationMs of an exchange', durationMs)
  if (bufferLimit !== undefined) requireCount('The bufferLimit of an exchange', bufferLimit, 0)
  const { status, localReply } = response ?? {}
  if (status !== undefined) requireCount('The status of a response', status, 0)
  if (localReply !== undefined) {
    requireOneOf('The localReply of a response', localReply, localReplies)
  }
}
