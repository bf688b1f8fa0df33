import { BodyMasks } from '../masks/body-masks'
import { HeaderSelection } from '../masks/header-selection'
import { freeText } from '../memory/owned-text'
import { Span } from '../memory/span'
import { SourceList } from '../sources/source-list'
import { NameList } from '../text/name-list'

export const enum QueueOverflow {
  /** @public the first of the choices in the option table */
  DropNewest = 0,
  DropOldest = 1,
}

/** The limit of a body that is not captured. */
export const NO_BODY: i64 = -1

/**
 * The parsed configuration of one root context. Fields are the options of `config.schema.json`, in their units; the
 * option table fills them, defaults included, by their offsets.
 */
@unmanaged
export class Options {
  moesifApplicationId: Span = new Span()
  userIdHeader: Span = new Span()
  companyIdHeader: Span = new Span()
  upstream: Span = new Span()
  baseUri: Span = new Span()
  connectionTimeout: u32
  batchMaxSize: u32
  batchMaxWait: u32
  batchMaxBytes: u32
  queueMaxBytes: u32
  queueOverflow: u32
  retryMaxAge: u32
  shutdownMaxBytes: u32
  requestMaxBodySizeLimit: u32
  responseMaxBodySizeLimit: u32
  requestHeaderMasks: HeaderSelection = new HeaderSelection()
  responseHeaderMasks: HeaderSelection = new HeaderSelection()
  requestHeaderAllow: HeaderSelection = new HeaderSelection()
  responseHeaderAllow: HeaderSelection = new HeaderSelection()
  requestQueryMasks: BodyMasks = new BodyMasks()
  requestBodyMasks: BodyMasks = new BodyMasks()
  responseBodyMasks: BodyMasks = new BodyMasks()
  captureBodyContentTypes: NameList = new NameList()
  userIdSources: SourceList = new SourceList()
  companyIdSources: SourceList = new SourceList()
  sessionTokenSources: SourceList = new SourceList()
  subscriptionIdSources: SourceList = new SourceList()
  apiVersionSources: SourceList = new SourceList()
  /** Empty: the peer. */
  clientIpSources: SourceList = new SourceList()
  authorizationHeaderName: Span = new Span()
  authorizationUserIdField: Span = new Span()
  authorizationCompanyIdField: Span = new Span()
  /** Where the conditions stand in the document, while it is being read; then 0. */
  skipAt: usize
  /** Members of a JSON object; empty when there are none. */
  metadata: Span = new Span()
  documentsMaxBytes: u32
  disableSampling: bool
  enableGovernance: bool
  enableCompression: bool
  disableCaptureRequestBody: bool
  disableCaptureResponseBody: bool
  disableBodyDecompression: bool
  disableMetadata: bool
  debug: bool

  /** Bytes, or NO_BODY. */
  get requestBodyLimit(): i64 {
    return this.disableCaptureRequestBody ? NO_BODY : this.requestMaxBodySizeLimit
  }

  /** Bytes, or NO_BODY. */
  get responseBodyLimit(): i64 {
    return this.disableCaptureResponseBody ? NO_BODY : this.responseMaxBodySizeLimit
  }

  free(): void {
    freeText(this.moesifApplicationId)
    freeText(this.userIdHeader)
    freeText(this.companyIdHeader)
    freeText(this.upstream)
    freeText(this.baseUri)
    this.requestHeaderMasks.free()
    this.responseHeaderMasks.free()
    this.requestHeaderAllow.free()
    this.responseHeaderAllow.free()
    this.requestQueryMasks.free()
    this.requestBodyMasks.free()
    this.responseBodyMasks.free()
    this.captureBodyContentTypes.free()
    this.userIdSources.free()
    this.companyIdSources.free()
    this.sessionTokenSources.free()
    this.subscriptionIdSources.free()
    this.apiVersionSources.free()
    this.clientIpSources.free()
    freeText(this.authorizationHeaderName)
    freeText(this.authorizationUserIdField)
    freeText(this.authorizationCompanyIdField)
    freeText(this.metadata)
    heap.free(changetype<usize>(this))
  }
}
