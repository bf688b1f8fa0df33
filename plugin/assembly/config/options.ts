import { Span, copyOf } from '../memory/span'

export const enum QueueOverflow {
  /** @public the first of the choices in the option table */
  DropNewest = 0,
  DropOldest = 1,
}

/** The limit of a body that is not captured. */
export const NO_BODY: i64 = -1

/** A list of header names, lower case. */
@unmanaged
export class NameList {
  count: u32 = 0
  private names: usize = 0

  at(index: u32): Span {
    return changetype<Span>(this.names + index * offsetof<Span>())
  }

  allocate(count: u32): void {
    this.names = heap.alloc(<usize>count * offsetof<Span>() + 1)
  }

  /** Owns `start`. */
  push(start: usize, length: u32): void {
    this.at(this.count++).set(start, length)
  }

  clear(): void {
    for (let i: u32 = 0; i < this.count; i++) heap.free(this.at(i).start)
    if (this.names) heap.free(this.names)
    this.names = 0
    this.count = 0
  }
}

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
  requestHeaderMasks: NameList = new NameList()
  responseHeaderMasks: NameList = new NameList()
  enableCompression: bool
  disableCaptureRequestBody: bool
  disableCaptureResponseBody: bool
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
    this.requestHeaderMasks.clear()
    this.responseHeaderMasks.clear()
    heap.free(changetype<usize>(this.requestHeaderMasks))
    heap.free(changetype<usize>(this.responseHeaderMasks))
    heap.free(changetype<usize>(this))
  }
}

/** Replaces a text option by its own copy of the bytes. */
export function setText(option: Span, start: usize, length: u32): void {
  if (option.start) heap.free(option.start)
  option.set(copyOf(start, length), length)
}

function freeText(option: Span): void {
  if (option.start) heap.free(option.start)
  heap.free(changetype<usize>(option))
}
