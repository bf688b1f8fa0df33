import { nowMs } from '../abi/clock'
import { headerValue } from '../abi/header-map'
import { MapType, Status } from '../abi/constants'
import { Span, utf8 } from '../memory/span'
import { ZERO } from '../text/bytes'
import { retryAfterMs } from './retry-after'

const STATUS = utf8(':status')
const RETRY_AFTER = utf8('retry-after')
/** Envoy adds it to what an upstream answered, and not to the answers it makes up itself when there is none. */
const UPSTREAM_TIME = utf8('x-envoy-upstream-service-time')

const value = new Span()

export const enum Verdict {
  /** 2xx: the collector has the events. */
  Accepted,
  /** No answer, 408, 429, 5xx: the same batch again, later. */
  Retry,
  /** 413: the same events in smaller batches. */
  TooLarge,
  /** 400, 422: something in it is invalid, perhaps a single event. */
  BadEvent,
  /** Anything else: the same batch would get the same answer. */
  Rejected,
}

/** The status of the answer being delivered by `on_http_call_response`; 0 when the connection broke in the middle of it. */
export function answeredStatus(): u32 {
  headerValue(MapType.CallResponseHeaders, STATUS, value)
  let status: u32 = 0
  for (let at = value.start; at < value.end; at++) status = status * 10 + (load<u8>(at) - ZERO)
  return status
}

/** The pause the answer asks for in ms; 0 when it names none. */
export function answeredPause(): u32 {
  headerValue(MapType.CallResponseHeaders, RETRY_AFTER, value)
  return retryAfterMs(value, nowMs())
}

/** Whether the collector answered, rather than Envoy in its place. */
export function answeredByCollector(): bool {
  return headerValue(MapType.CallResponseHeaders, UPSTREAM_TIME, value) == Status.Ok
}

export function verdictOn(status: u32): Verdict {
  if (status >= 200 && status < 300) return Verdict.Accepted
  if (status == 413) return Verdict.TooLarge
  if (status < 200 || status == 408 || status == 429 || status >= 500) return Verdict.Retry
  return status == 400 || status == 422 ? Verdict.BadEvent : Verdict.Rejected
}
