import { nowMs } from '../abi/clock'
import { bufferBytes } from '../abi/buffer'
import { BufferType, MapType, Status } from '../abi/constants'
import { headerValue } from '../abi/header-map'
import { Token, httpCall } from '../abi/http-call'
import { Options } from '../config/options'
import { answeredStatus } from '../collector/answer'
import { Checked, JsonCheck } from '../json/json-check'
import { skipSpace } from '../json/validate'
import { placeAnywhere, placeNext } from '../memory/arena'
import { hashOf } from '../memory/hash'
import { freeText, setText } from '../memory/owned-text'
import { PADDING, Span, utf8 } from '../memory/span'
import { allocate, release } from '../memory/store'
import { documentRequest } from './document-request'
import { SharedDocument } from './shared-document'

const ETAG = utf8('etag')
const OK: u32 = 200
const NOT_MODIFIED: u32 = 304
/** Before the JSON: the tag's length in 16 bits, and the tag. */
const TAG: u32 = 2
const LONGEST_TAG: u32 = 1024
/** Each try that fails is a write of another worker. */
const WRITE_TRIES: u32 = 16
/** Bytes that are checked between two looks at the clock. */
const PIECE: u32 = 32 * 1024

const answer = new Span()
const tag = new Span()

/** The result of a fetch. */
export const enum Fetched {
  /** Not the answer to its call. */
  Nothing,
  /** Its bytes have arrived, and have to be checked. */
  Bytes,
  /** The document is here: `json`. */
  Document,
  Unchanged,
  /** No answer, or an error: `status`. */
  Failed,
  TooLarge,
  /** Not JSON. */
  Malformed,
  /** JSON, but not the object or the list that it should be. */
  WrongKind,
  Memory,
}

/**
 * One document of the collector: fetched by one worker of the process, taken over by the others, kept as bytes until it was read.
 */
@unmanaged
export class Document {
  /** Where the bytes begin that are to be read; `release` gives them back. */
  json: usize
  /** Of the last fetch; 0 when there was no answer. */
  status: u32
  private shared: SharedDocument
  private generation: u32
  /** Of the fetch that is on its way. */
  private token: Token = new Token()
  private block: usize
  /** What was fetched and is being checked. */
  private check: JsonCheck | null = null
  private fresh: usize
  private freshBytes: u32
  private etag: Span = new Span()

  constructor(
    private options: Options,
    readonly path: Span,
    /** The response header that carries its tag, on its own answers and on those to batches. */
    private tagHeader: Span,
    /** What it begins with: the bracket of an object or of a list. */
    private opening: u8,
  ) {
    this.shared = new SharedDocument(options, path)
  }

  /** True when another worker's document was taken over: `json`. */
  adopt(now: u64): bool {
    this.shared.read(now)
    const schedule = this.shared.schedule
    if (schedule.generation == this.generation || this.block) return false
    const block = this.shared.take()
    if (!block) return false
    this.generation = schedule.generation
    this.open(block)
    return true
  }

  /** Fetches from the collector, if that is due and no other worker does. */
  fetchIfDue(now: u64): void {
    if (!this.token.value && !this.isChecking && this.shared.schedule.isDue(now)) this.fetch(now)
  }

  /** The tag that the answer to a batch carries, if it does. */
  compareTag(now: u64): void {
    if (headerValue(MapType.CallResponseHeaders, this.tagHeader, tag) != Status.Ok) return
    if (!tag.length) return
    this.shared.read(now)
    if (this.shared.schedule.sawTag(hashOf(0, tag.start, tag.length), now)) this.shared.write()
  }

  /** `on_http_call_response`. After `Bytes` the rest is done by `checkOn`. */
  answered(token: u32, bodySize: u32, now: u64): Fetched {
    if (!this.token.value || token != this.token.value) return Fetched.Nothing
    this.token.value = 0
    const result = this.take(bodySize)
    this.note(result, now)
    return result
  }

  get isChecking(): bool {
    return this.check != null
  }

  /** Checks what was fetched until about `until` (Unix ms). `Bytes`: there is more of it. */
  checkOn(until: u64): Fetched {
    const check = this.check
    if (check == null) return Fetched.Nothing
    let checked = check.goOn(PIECE)
    while (checked == Checked.NotYet && nowMs() < until) checked = check.goOn(PIECE)
    if (checked == Checked.NotYet) return Fetched.Bytes
    const now = nowMs()
    let result = Fetched.Malformed
    if (checked == Checked.Valid) result = this.isOfItsKind ? Fetched.Document : Fetched.WrongKind
    if (result == Fetched.Document) this.publish()
    this.note(result, now)
    this.dropCheck()
    return result
  }

  /** The bytes were read. */
  release(): void {
    release(this.block)
    this.block = 0
  }

  free(): void {
    this.release()
    this.dropCheck()
    freeText(this.etag)
    this.shared.free()
    heap.free(changetype<usize>(this.token))
    heap.free(changetype<usize>(this))
  }

  private fetch(now: u64): void {
    const schedule = this.shared.schedule
    if (schedule.mayPutOff(now)) {
      schedule.putOff(now)
      this.shared.write()
      return
    }
    schedule.lease(now, this.options.connectionTimeout)
    if (!this.shared.write()) return
    const headers = documentRequest(this.options, this.path, this.etag)
    const upstream = this.options.upstream
    const timeout = this.options.connectionTimeout
    const status = httpCall(upstream, headers.blob, headers.length, 0, 0, timeout, this.token)
    headers.free()
    if (status != Status.Ok) this.note(Fetched.Failed, now)
  }

  /** What has come of a fetch goes into the schedule that all workers share. */
  private note(result: Fetched, now: u64): void {
    const schedule = this.shared.schedule
    let tries = WRITE_TRIES
    do {
      this.shared.read(now)
      if (result == Fetched.Bytes) schedule.prolong(now, this.options.connectionTimeout)
      else if (result == Fetched.Unchanged) schedule.fetched(now, schedule.tag)
      else if (result == Fetched.Document) {
        schedule.bytes = this.freshBytes
        this.generation = ++schedule.generation
        schedule.fetched(now, this.etag.length ? hashOf(0, this.etag.start, this.etag.length) : 0)
      } else schedule.failed(now)
    } while (!this.shared.write() && --tries)
  }

  /** Reads an answer; a document is to be checked. */
  private take(bodySize: u32): Fetched {
    this.status = answeredStatus()
    if (this.status == NOT_MODIFIED) return Fetched.Unchanged
    if (this.status != OK) return Fetched.Failed
    if (bodySize > this.options.documentsMaxBytes) return Fetched.TooLarge
    if (!bodySize) return Fetched.Malformed
    this.readTag()
    const before = TAG + tag.length
    const block = allocate(<usize>before + bodySize + PADDING)
    if (!block) return Fetched.Memory
    store<u16>(block, <u16>tag.length)
    memory.copy(block + TAG, tag.start, tag.length)
    placeNext(block + before, bodySize)
    bufferBytes(BufferType.CallResponseBody, 0, bodySize, answer)
    placeAnywhere()
    if (answer.start != block + before || answer.length != bodySize) {
      release(block)
      return Fetched.Memory
    }
    this.fresh = block
    this.freshBytes = before + bodySize
    this.check = new JsonCheck(answer)
    return Fetched.Bytes
  }

  /** The checked document replaces the current one. An older one that is still being read has its own block. */
  private publish(): void {
    const block = this.fresh
    this.fresh = 0
    this.release()
    this.open(block)
    this.shared.publish(block, this.freshBytes)
  }

  private get isOfItsKind(): bool {
    const json = this.fresh + TAG + load<u16>(this.fresh)
    return load<u8>(skipSpace(json)) == this.opening
  }

  private dropCheck(): void {
    const check = this.check
    this.check = null
    if (check != null) check.free()
    release(this.fresh)
    this.fresh = 0
  }

  private readTag(): void {
    headerValue(MapType.CallResponseHeaders, this.tagHeader, tag)
    if (!tag.length) headerValue(MapType.CallResponseHeaders, ETAG, tag)
    if (tag.length > LONGEST_TAG) tag.clear()
  }

  private open(block: usize): void {
    this.block = block
    const length: u32 = load<u16>(block)
    this.json = block + TAG + length
    setText(this.etag, block + TAG, length)
  }
}
