import { HeaderPairs } from '../abi/header-pairs'
import { ByteBuffer } from '../memory/byte-buffer'
import { Span, equal, utf8 } from '../memory/span'
import { DELETE, SPACE, TAB } from '../text/bytes'
import { writeBody } from './reply-body'
import { Rule, RuleHeader } from './rule'
import { RuleSet } from './rule-set'
import { Ruling } from './ruling'
import { fill } from './template'

/** Longer answers are not given: the request passes. */
const MOST_BYTES: u32 = 1024 * 1024
/** More headers than this of one ruling are left out. */
const MOST_HEADERS: u32 = 200
const NO_CONTENT: u32 = 204
const RESET_CONTENT: u32 = 205
const NOT_MODIFIED: u32 = 304

const CONTENT_TYPE = utf8('content-type')
const JSON = utf8('application/json')

const value = new Span()

/**
 * What the rules that apply say to the client: their headers, one of each name, the first rule's winning; and the answer of the one
 * that refuses. One for all requests: filled, used and forgotten within a callback.
 */
@unmanaged
export class Reply {
  status: u32
  readonly body: ByteBuffer = new ByteBuffer(MOST_BYTES)
  headers: u32
  /** Of each header: its name and where its value lies among the texts. */
  private names: usize = heap.alloc(MOST_HEADERS * 4)
  private values: usize = heap.alloc(MOST_HEADERS * 8)
  /** Of all names together. */
  private nameBytes: u32
  private texts: ByteBuffer = new ByteBuffer(MOST_BYTES)
  private scratch: ByteBuffer = new ByteBuffer(MOST_BYTES)

  /** False when it is too large, or there is no memory for it. */
  compose(rules: RuleSet, ruling: Ruling, blocker: Rule | null): bool {
    this.headers = 0
    this.nameBytes = 0
    this.restart(this.body)
    this.restart(this.texts)
    this.restart(this.scratch)
    for (let i: u32 = 0; i < ruling.count; i++) {
      const rule = rules.at(ruling.at(i))
      let header = rule.firstHeader
      while (header != null) {
        this.add(header, rule, ruling)
        header = header.next
      }
    }
    if (blocker != null) {
      this.status = blocker.status
      if (mayHaveBody(this.status)) writeBody(blocker, ruling, this.body, this.scratch)
      if (this.body.length) this.addContentType()
    }
    return !this.texts.failed && !this.body.failed && !this.scratch.failed
  }

  /** The headers as the host takes them; the caller frees them. */
  headerPairs(): HeaderPairs {
    const pairs = new HeaderPairs(this.headers, this.nameBytes + this.texts.length)
    for (let i: u32 = 0; i < this.headers; i++) {
      this.valueAt(i, value)
      pairs.addSpan(this.nameAt(i), value)
    }
    return pairs
  }

  /** The headers in a block of the store, to be set later: `nextPacked` reads it. 0 when there is no memory. */
  pack(): usize {
    const packed = new ByteBuffer(u32.MAX_VALUE)
    packed.word16(this.headers)
    for (let i: u32 = 0; i < this.headers; i++) {
      const name = this.nameAt(i)
      this.valueAt(i, value)
      packed.word16(name.length)
      packed.bytes(name.start, name.length)
      packed.word32(value.length)
      packed.bytes(value.start, value.length)
    }
    const block = packed.failed ? 0 : packed.take()
    packed.free()
    return block
  }

  private nameAt(i: u32): Span {
    return changetype<Span>(load<usize>(this.names + i * 4))
  }

  private valueAt(i: u32, into: Span): void {
    into.set(this.texts.start + load<u32>(this.values + i * 8), load<u32>(this.values + i * 8, 4))
  }

  private restart(buffer: ByteBuffer): void {
    buffer.length = 0
    buffer.failed = false
  }

  private has(name: Span): bool {
    for (let i: u32 = 0; i < this.headers; i++) {
      const known = this.nameAt(i)
      if (equal(known.start, known.length, name.start, name.length)) return true
    }
    return false
  }

  private add(header: RuleHeader, rule: Rule, ruling: Ruling): void {
    if (this.headers == MOST_HEADERS || this.has(header.name)) return
    const from = this.texts.length
    fill(header.value, rule, ruling, this.texts)
    this.push(header.name, from)
  }

  private addContentType(): void {
    if (this.headers == MOST_HEADERS || this.has(CONTENT_TYPE)) return
    const from = this.texts.length
    this.texts.bytes(JSON.start, JSON.length)
    this.push(CONTENT_TYPE, from)
  }

  /** Characters that may not be in a header become blanks: a value of a template is untrusted text. */
  private push(name: Span, from: u32): void {
    for (let i = from; i < this.texts.length; i++) {
      const byte = load<u8>(this.texts.start + i)
      if ((byte < SPACE && byte != TAB) || byte == DELETE) store<u8>(this.texts.start + i, SPACE)
    }
    store<usize>(this.names + this.headers * 4, changetype<usize>(name))
    store<u32>(this.values + this.headers * 8, from)
    store<u32>(this.values + this.headers * 8, this.texts.length - from, 4)
    this.headers++
    this.nameBytes += name.length
  }
}

/** How many headers a block of `pack` has; the first begins 2 bytes behind. */
export function packedCount(block: usize): u32 {
  return load<u16>(block)
}

/** Reads a packed header; returns where the next one begins. */
export function nextPacked(at: usize, name: Span, into: Span): usize {
  name.set(at + 2, load<u16>(at))
  const behind = name.end
  into.set(behind + 4, load<u32>(behind))
  return into.end
}

function mayHaveBody(status: u32): bool {
  return status != NO_CONTENT && status != RESET_CONTENT && status != NOT_MODIFIED
}
