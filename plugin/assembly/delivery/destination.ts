import { HeaderPairs } from '../abi/header-pairs'
import { requestHeaders } from '../collector/request-headers'
import { Span, copyOf, equal, utf8 } from '../memory/span'
import { Options } from '../config/options'

const CONTENT_TYPE = utf8('content-type')
const CONTENT_ENCODING = utf8('content-encoding')
const POST = utf8('POST')
const BATCH_PATH = utf8('/v1/events/batch')
/** What the host's `compress` makes is a zlib stream, which HTTP calls `deflate`. */
const DEFLATE = utf8('deflate')
const NONE = new Span()

/** Where batches go, and the request headers that take them there: made once, used for every call. */
@unmanaged
export class Destination {
  private cluster: Span
  private plain: HeaderPairs
  private deflated: HeaderPairs

  constructor(options: Options) {
    const upstream = options.upstream
    this.cluster = new Span(copyOf(upstream.start, upstream.length), upstream.length)
    this.plain = batchHeaders(options, NONE)
    this.deflated = batchHeaders(options, DEFLATE)
  }

  get clusterName(): Span {
    return this.cluster
  }

  headers(compressed: bool): HeaderPairs {
    return compressed ? this.deflated : this.plain
  }

  /** Same cluster, same headers: a batch of one may be sent by the other. */
  is(other: Destination): bool {
    const a = this.plain
    const b = other.plain
    const sameCluster = equal(
      this.cluster.start,
      this.cluster.length,
      other.cluster.start,
      other.cluster.length,
    )
    return sameCluster && equal(a.blob, a.length, b.blob, b.length)
  }

  free(): void {
    heap.free(this.cluster.start)
    heap.free(changetype<usize>(this.cluster))
    this.plain.free()
    this.deflated.free()
    heap.free(changetype<usize>(this))
  }
}

function batchHeaders(options: Options, encoding: Span): HeaderPairs {
  return requestHeaders(options, POST, BATCH_PATH, CONTENT_TYPE, CONTENT_ENCODING, encoding)
}
