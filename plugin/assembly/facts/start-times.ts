import { integerProperty } from '../abi/property'
import { utf8 } from '../memory/span'

const REQUEST_TIME = utf8('request\0time')

/** While Envoy's start time has always been the time of our callback, it is read for one exchange in this many. */
const SAMPLE: u32 = 16
/** The number of exchanges for which it is read after one that differed. */
const LOOK_CLOSER: u32 = 1024
/** Both times are from one clock; a millisecond may end between two reads of it. */
const SAME_MS: u64 = 1

/**
 * When Envoy began to read a request. Reading that property costs as much as writing a quarter of the event. Unless an
 * earlier filter holds requests back (external authorization, a fetch of keys, a rate limit) it is the millisecond in which the
 * headers came to this filter: that is used, while samples of the property confirm it.
 */
@unmanaged
export class StartTimes {
  private seen: u32
  private closer: u32

  /**
   * Unix ms, of the exchange whose callback this is.
   *
   * @param arrived when its headers came, 0 if they did not
   * @param now for an exchange of which nothing else is known
   */
  of(arrived: u64, now: u64): u64 {
    if (arrived && !this.isToBeAsked()) return arrived
    const started = integerProperty(REQUEST_TIME, 0)
    if (started <= 0) return arrived ? arrived : now
    const startedMs = <u64>started / 1_000_000
    if (max(arrived, startedMs) - min(arrived, startedMs) > SAME_MS) this.closer = LOOK_CLOSER
    return startedMs
  }

  private isToBeAsked(): bool {
    if (this.closer) {
      this.closer--
      return true
    }
    return this.seen++ % SAMPLE == 0
  }
}
