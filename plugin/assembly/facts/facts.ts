import { MapType } from '../abi/constants'
import { headerPairs } from '../abi/header-map'
import { BodyPrefix } from '../capture/body-prefix'
import { Exchange } from '../capture/exchange'
import { Options } from '../config/options'
import { Span, utf8 } from '../memory/span'
import { SourceList } from '../sources/source-list'
import { authority } from './authority'
import { clientAddress } from './client-address'
import { HeaderTable, headerName } from './header-table'
import { leaveOutHopByHop } from './hop-by-hop'
import { firstOf } from './from-source'
import { firstValue, identity } from './identity'
import { Outcome } from './outcome'
import { asksForSwitch, isSwitched } from './protocol-switch'
import { random64 } from '../random/random'
import { RootFacts } from './root-facts'
import { routeFingerprint } from './route'
import { statusOf } from './status'
import { traceId } from './trace-id'

const METHOD = headerName(utf8(':method'))
const API_VERSION = headerName(utf8('x-api-version'))
/** Envoy's router adds it to what an upstream answered. */
const UPSTREAM_TIME = headerName(utf8('x-envoy-upstream-service-time'))

const blob = new Span()

/** What has been asked for. */
const ADDRESS: u32 = 1
const USER: u32 = 2
const COMPANY: u32 = 4

/**
 * What is known of the exchange of the current callback. `open` reads its header maps; everything else is read once, when it is first
 * needed: a decision needs little of it, `complete` all that the event contains. Spans are valid until the callback ends.
 */
@unmanaged
export class Facts {
  readonly request: HeaderTable = new HeaderTable()
  readonly response: HeaderTable = new HeaderTable()
  /** Unix ms. */
  startedAt: u64
  endedAt: u64
  /** 0 when no response began. */
  status: u32
  /** What follows the headers is of another protocol. */
  requestSwitched: bool
  responseSwitched: bool
  /** The body began and did not reach its end. */
  requestIncomplete: bool
  responseIncomplete: bool
  outgoing: bool
  /** 128 random bits that identify the event, however often it is sent. */
  id: u64
  moreOfId: u64
  readonly authority: Span = new Span()
  readonly traceId: Span = new Span()
  readonly route: Span = new Span()
  readonly cluster: Span = new Span()
  readonly outcome: Outcome = new Outcome()
  /** After `user`: a source of higher precedence, read from the response, may still give another value. */
  userMayChange: bool
  companyMayChange: bool
  /** Empty when no source gives it, and so are those below. Each is set by its method or by `complete`. */
  readonly address: Span = new Span()
  readonly user: Span = new Span()
  readonly company: Span = new Span()
  readonly session: Span = new Span()
  readonly subscription: Span = new Span()
  readonly version: Span = new Span()
  private asked: u32
  private exchange: Exchange = changetype<Exchange>(0)
  private options: Options = changetype<Options>(0)

  /** An exchange that is over. False when there is no HTTP request. */
  open(exchange: Exchange, options: Options): bool {
    this.exchange = exchange
    this.options = options
    this.asked = 0
    this.readRequest()
    if (this.request.find(METHOD) == null) return false
    this.readResponse()
    this.status = statusOf(this.response)
    return true
  }

  /** A request whose headers have come, and nothing of its response. False when it has no method. */
  openRequest(exchange: Exchange, options: Options): bool {
    this.exchange = exchange
    this.options = options
    this.asked = 0
    this.request.read(exchange.requestHeaders)
    this.response.count = 0
    return this.request.find(METHOD) != null
  }

  /** Reads everything that an event contains. */
  complete(root: RootFacts, now: u64): void {
    const options = this.options
    this.startedAt = root.startTimes.of(this.exchange.arrivedAt, now)
    this.endedAt = max(now, this.startedAt)
    this.id = random64()
    this.moreOfId = random64()
    this.requestSwitched = asksForSwitch(this.request)
    this.responseSwitched = isSwitched(this.requestSwitched, this.response, this.status)
    if (this.responseSwitched) this.requestSwitched = true
    const exchange = this.exchange
    this.requestIncomplete =
      !this.requestSwitched && !exchange.requestEnded && exchange.requestBody.total != 0
    this.responseIncomplete =
      !this.responseSwitched && !exchange.responseEnded && exchange.responseBody.total != 0
    this.route.clear()
    this.cluster.clear()
    if (!options.disableMetadata) {
      root.routeNames.ask(this.route, this.cluster)
      this.outcome.ask(this.status, this.cameThroughWhole(), this.exchange.logged, this.request)
    }
    this.outgoing = root.directions.isOutgoing(routeFingerprint(this.route, this.cluster), now)
    authority(this.request, this.authority)
    traceId(this.request, this.traceId)
    this.clientAddress()
    this.userId()
    this.companyId()
    this.find(options.sessionTokenSources, this.session)
    this.find(options.subscriptionIdSources, this.subscription)
    this.find(options.apiVersionSources, this.version)
    if (!this.version.length) firstValue(this.request.find(API_VERSION), this.version)
  }

  get requestBody(): BodyPrefix {
    return this.exchange.requestBody
  }

  get responseBody(): BodyPrefix {
    return this.exchange.responseBody
  }

  clientAddress(): Span {
    if (this.isNew(ADDRESS)) clientAddress(this.options.clientIpSources, this.request, this.address)
    return this.address
  }

  userId(): Span {
    if (this.isNew(USER)) {
      const options = this.options
      this.userMayChange = this.identify(options.userIdHeader, options.userIdSources, this.user)
    }
    return this.user
  }

  companyId(): Span {
    if (this.isNew(COMPANY)) {
      const options = this.options
      this.companyMayChange = this.identify(
        options.companyIdHeader,
        options.companyIdSources,
        this.company,
      )
    }
    return this.company
  }

  private isNew(fact: u32): bool {
    if (this.asked & fact) return false
    this.asked |= fact
    return true
  }

  private identify(header: Span, sources: SourceList, into: Span): bool {
    identity(header, this.request, this.response, into)
    if (into.length) return false
    return this.find(sources, into) || header.length != 0
  }

  private find(sources: SourceList, into: Span): bool {
    if (sources.count) return firstOf(sources, this.request, this.response, into)
    into.clear()
    return false
  }

  private readRequest(): void {
    const kept = this.exchange.requestHeaders
    if (kept.length) return this.request.read(kept)
    // Never shown to the filter: refused before it, or by the codec (then there is nothing to read here either).
    headerPairs(MapType.RequestHeaders, blob)
    this.request.read(blob)
  }

  /** What the client was sent is shown in on_log; without one there is what the filter was shown when the response began. */
  private readResponse(): void {
    if (this.exchange.logged) {
      headerPairs(MapType.ResponseHeaders, blob)
      this.response.read(blob)
    } else {
      this.response.read(this.exchange.responseHeaders)
      leaveOutHopByHop(this.response)
    }
  }

  /** A complete response of the upstream without an error, to a complete request. */
  private cameThroughWhole(): bool {
    if (!this.exchange.requestEnded || !this.exchange.responseEnded) return false
    const isAnswer = this.status >= 200 && this.status < 400
    return isAnswer && this.response.find(UPSTREAM_TIME) != null
  }
}
