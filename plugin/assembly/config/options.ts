import { Span, copyOf } from '../abi/span'

export const enum QueueOverflow {
  DropNewest = 0,
  DropOldest = 1,
}

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

/** The parsed configuration of one root context. Fields are the options of `config.schema.json`, in their units. */
@unmanaged
export class Options {
  moesifApplicationId: Span = new Span()
  userIdHeader: Span = new Span()
  companyIdHeader: Span = new Span()
  batchMaxSize: u32 = 100
  batchMaxWait: u32 = 2000
  batchMaxBytes: u32 = 262144
  queueMaxBytes: u32 = 8388608
  queueOverflow: u32 = QueueOverflow.DropNewest
  retryMaxAge: u32 = 600000
  enableCompression: bool = false
  shutdownMaxBytes: u32 = 1048576
  upstream: Span = new Span()
  baseUri: Span = new Span()
  connectionTimeout: u32 = 5000
  debug: bool = false
  requestMaxBodySizeLimit: u32 = 100000
  responseMaxBodySizeLimit: u32 = 100000
  disableCaptureRequestBody: bool = false
  disableCaptureResponseBody: bool = false
  requestHeaderMasks: NameList = new NameList()
  responseHeaderMasks: NameList = new NameList()
  disableMetadata: bool = false

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
