import { HeaderPairs } from '../abi/header-pairs'
import { Span, copyOf, equal, utf8 } from '../memory/span'
import { Options } from '../config/options'
import { splitBaseUri } from './base-uri'
import { PLUGIN } from '../config/version'

const METHOD = utf8(':method')
const PATH = utf8(':path')
const AUTHORITY = utf8(':authority')
const CONTENT_TYPE = utf8('content-type')
const CONTENT_ENCODING = utf8('content-encoding')
const APPLICATION_ID = utf8('x-moesif-application-id')
const USER_AGENT_NAME = utf8('user-agent')

const POST = utf8('POST')
const BATCH_PATH = utf8('/v1/events/batch')
const JSON = utf8('application/json')
/** What the host's `compress` makes is a zlib stream: `deflate` in HTTP's words. */
const DEFLATE = utf8('deflate')

const PLAIN_HEADERS: u32 = 6

/** Where batches go, and the request headers that take them there: made once, used for every call. */
@unmanaged
export class Destination {
  private cluster: Span
  private plain: HeaderPairs
  private deflated: HeaderPairs

  constructor(options: Options) {
    const upstream = options.upstream
    this.cluster = new Span(copyOf(upstream.start, upstream.length), upstream.length)
    this.plain = requestHeaders(options, false)
    this.deflated = requestHeaders(options, true)
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

function requestHeaders(options: Options, deflated: bool): HeaderPairs {
  const authority = new Span()
  const prefix = new Span()
  splitBaseUri(options.baseUri, authority, prefix)
  const path = new Span(heap.alloc(prefix.length + BATCH_PATH.length), 0)
  memory.copy(path.start, prefix.start, prefix.length)
  memory.copy(path.start + prefix.length, BATCH_PATH.start, BATCH_PATH.length)
  path.length = prefix.length + BATCH_PATH.length

  const applicationId = options.moesifApplicationId
  const names =
    METHOD.length +
    PATH.length +
    AUTHORITY.length +
    CONTENT_TYPE.length +
    APPLICATION_ID.length +
    USER_AGENT_NAME.length +
    CONTENT_ENCODING.length
  const values =
    POST.length +
    path.length +
    authority.length +
    JSON.length +
    applicationId.length +
    PLUGIN.length +
    DEFLATE.length
  const pairs = new HeaderPairs(deflated ? PLAIN_HEADERS + 1 : PLAIN_HEADERS, names + values)
  pairs.addSpan(METHOD, POST)
  pairs.addSpan(PATH, path)
  pairs.addSpan(AUTHORITY, authority)
  pairs.addSpan(CONTENT_TYPE, JSON)
  pairs.addSpan(APPLICATION_ID, applicationId)
  pairs.addSpan(USER_AGENT_NAME, PLUGIN)
  if (deflated) pairs.addSpan(CONTENT_ENCODING, DEFLATE)

  heap.free(path.start)
  heap.free(changetype<usize>(path))
  heap.free(changetype<usize>(authority))
  heap.free(changetype<usize>(prefix))
  return pairs
}
