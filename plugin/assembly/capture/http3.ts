import { property } from '../abi/property'
import { Span, equal, utf8 } from '../memory/span'

const PROTOCOL = utf8('request\0protocol')
const HTTP_3 = utf8('HTTP/3')

/** While no client has used HTTP/3, the protocol of one exchange in this many is read. */
const SAMPLE: u32 = 64

const protocol = new Span()

/**
 * Whether clients speak HTTP/3. Envoy logs such an exchange when its last byte was acknowledged, which is after its filters have
 * been destroyed: on_done comes, on_log does not (Envoy 1.40), and what on_log would show of the response has to be taken before. The
 * protocol is a property, which costs as much as writing a quarter of the event: few exchanges are sampled until one ended that way.
 */
@unmanaged
export class Http3 {
  private met: bool
  private seen: u32

  /** Of the exchange whose callback this is. */
  isSpoken(): bool {
    if (!this.met && this.seen++ % SAMPLE != 0) return false
    property(PROTOCOL, protocol)
    const spoken = equal(protocol.start, protocol.length, HTTP_3.start, HTTP_3.length)
    if (spoken) this.met = true
    return spoken
  }

  endedWithoutLog(): void {
    this.met = true
  }
}
