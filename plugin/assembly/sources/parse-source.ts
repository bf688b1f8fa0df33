import { allocate } from '../memory/arena'
import { Span, equal, utf8 } from '../memory/span'
import { toHeaderName } from '../text/header-name'
import { TextError } from '../text/text-error'
import { TextParser } from '../text/text-parser'
import { isDigit } from '../text/ascii'
import { CLOSE_PARENTHESIS, COLON, DELETE, SPACE, ZERO } from '../text/bytes'
import { parsePath } from './parse-path'
import { Source, SourceKind, setCopy } from './source'
import * as reasons from './reasons'

/** What a list of sources is for: it decides which kinds there are. */
export const enum SourceUse {
  Identity,
  ClientAddress,
}

const SHA256 = utf8('sha256(')
const HEADER = utf8('header')
const RESPONSE_HEADER = utf8('response_header')
const COOKIE = utf8('cookie')
const QUERY = utf8('query')
const JWT = utf8('jwt')
const JWT_COOKIE = utf8('jwt_cookie')
const BASIC = utf8('basic')
const METADATA = utf8('metadata')
const FILTER_STATE = utf8('filter_state')
const PEER = utf8('peer')
const LITERAL = utf8('literal')

const SUBJECT = utf8('subject')
const URI_SAN = utf8('uri_san')
const DNS_SAN = utf8('dns_san')
const FINGERPRINT = utf8('fingerprint')
const SUBJECT_PATH = utf8('connection\0subject_peer_certificate')
const URI_SAN_PATH = utf8('connection\0uri_san_peer_certificate')
const DNS_SAN_PATH = utf8('connection\0dns_san_peer_certificate')
const FINGERPRINT_PATH = utf8('connection\0sha256_peer_certificate_digest')
const METADATA_PATH = utf8('metadata\0filter_metadata\0')
const FILTER_STATE_PATH = utf8('filter_state\0')

const found = new Span()

/** The source that a text names, or null, and then `error` says what is wrong with it, and where. */
export function parseSource(
  start: usize,
  length: u32,
  use: SourceUse,
  error: TextError,
): Source | null {
  const parser = new SourceParser(start, start + length, error)
  const source = parser.parse(use)
  heap.free(changetype<usize>(parser))
  return source
}

@unmanaged
class SourceParser extends TextParser {
  parse(use: SourceUse): Source | null {
    for (let i = this.begin; i < this.end; i++) {
      const byte = load<u8>(i)
      if (byte < SPACE || byte == DELETE) return this.fail(i, reasons.CONTROL)
    }
    return use == SourceUse.ClientAddress ? this.address() : this.identity()
  }

  private fail(where: usize, reason: Span): Source | null {
    this.note(where, reason)
    return null
  }

  private address(): Source | null {
    const first = this.at
    const kind = this.word()
    if (is(kind, PEER) && this.at == this.end) return new Source(SourceKind.Peer)
    if (!is(kind, HEADER)) return this.fail(first, reasons.UNKNOWN_ADDRESS)
    const source = this.named(SourceKind.Header, true)
    if (source == null || this.at == this.end) return source
    this.at++
    let number: u32 = 0
    const digits = this.at
    while (this.at < this.end && isDigit(load<u8>(this.at)) && number < 100) {
      number = number * 10 + load<u8>(this.at++) - ZERO
    }
    if (this.at < this.end || this.at == digits || number < 1 || number > 99) {
      source.free()
      return this.fail(digits, reasons.NO_NUMBER)
    }
    source.fromRight = number
    return source
  }

  private identity(): Source | null {
    let hashed = false
    if (this.startsWith(SHA256)) {
      hashed = true
      this.at += SHA256.length
      if (this.end == this.at || load<u8>(this.end - 1) != CLOSE_PARENTHESIS)
        return this.fail(this.end, reasons.NOT_CLOSED)
      this.end--
    }
    const source = this.plain()
    if (source != null) source.hashed = hashed
    return source
  }

  private plain(): Source | null {
    const first = this.at
    const kind = this.word()
    if (is(kind, HEADER)) return this.named(SourceKind.Header, false)
    if (is(kind, RESPONSE_HEADER)) return this.named(SourceKind.ResponseHeader, false)
    if (is(kind, BASIC)) return this.named(SourceKind.Basic, false)
    if (is(kind, COOKIE)) return this.text(SourceKind.Cookie)
    if (is(kind, QUERY)) return this.text(SourceKind.Query)
    if (is(kind, LITERAL)) return this.text(SourceKind.Literal)
    if (is(kind, JWT)) return this.claim(this.named(SourceKind.Jwt, true))
    if (is(kind, JWT_COOKIE)) return this.claim(this.beforeColon(SourceKind.JwtCookie))
    if (is(kind, METADATA)) return this.metadata()
    if (is(kind, FILTER_STATE)) return property(FILTER_STATE_PATH, this.text(SourceKind.Property))
    if (is(kind, PEER)) return this.certificate()
    return this.fail(first, reasons.UNKNOWN_KIND)
  }

  private word(): Span {
    const first = this.at
    this.passName()
    found.set(first, <u32>(this.at - first))
    if (this.at < this.end) this.at++
    return found
  }

  private passName(): void {
    while (this.at < this.end && load<u8>(this.at) != COLON) this.at++
  }

  private startsWith(beginning: Span): bool {
    return (
      this.end - this.at >= beginning.length &&
      memory.compare(this.at, beginning.start, beginning.length) == 0
    )
  }

  private named(kind: SourceKind, stops: bool): Source | null {
    const first = this.at
    if (stops) this.passName()
    else this.at = this.end
    const length = <u32>(this.at - first)
    const source = new Source(kind)
    setCopy(source.name, first, length)
    if (toHeaderName(source.name.start, length)) return source
    source.free()
    return this.fail(first, reasons.NO_HEADER)
  }

  private text(kind: SourceKind): Source | null {
    if (this.at == this.end) return this.fail(this.at, reasons.NO_NAME)
    const source = new Source(kind)
    setCopy(source.name, this.at, <u32>(this.end - this.at))
    return source
  }

  private beforeColon(kind: SourceKind): Source | null {
    const first = this.at
    this.passName()
    if (this.at == first) return this.fail(first, reasons.NO_NAME)
    const source = new Source(kind)
    setCopy(source.name, first, <u32>(this.at - first))
    return source
  }

  private claim(source: Source | null): Source | null {
    if (source == null) return null
    if (this.at == this.end) {
      source.free()
      return this.fail(this.at, reasons.NO_PATH)
    }
    // As many bytes as the path, and a NUL: each dot or bracket makes room for another.
    const room = allocate(this.end - this.at)
    const length = parsePath(this.at + 1, this.end, room, this.error)
    if (length) {
      setCopy(source.path, room, length)
      return source
    }
    source.free()
    this.error.position += <u32>(this.at + 1 - this.begin)
    return null
  }

  private metadata(): Source | null {
    const source = this.claim(this.beforeColon(SourceKind.Property))
    if (source == null) return null
    const name = source.name
    const path = source.path
    const room = allocate(name.length + 1 + path.length)
    memory.copy(room, name.start, name.length)
    store<u8>(room + name.length, 0)
    // Its last segment is not followed by a NUL.
    memory.copy(room + name.length + 1, path.start, path.length - 1)
    heap.free(name.start)
    setCopy(name, room, name.length + path.length)
    return property(METADATA_PATH, source)
  }

  private certificate(): Source | null {
    const first = this.at
    const field = this.word()
    let path: Span | null = null
    if (is(field, SUBJECT)) path = SUBJECT_PATH
    else if (is(field, URI_SAN)) path = URI_SAN_PATH
    else if (is(field, DNS_SAN)) path = DNS_SAN_PATH
    else if (is(field, FINGERPRINT)) path = FINGERPRINT_PATH
    if (path == null || this.at != this.end) return this.fail(first, reasons.NO_PEER)
    const source = new Source(SourceKind.Property)
    setCopy(source.name, path.start, path.length)
    return source
  }
}

function is(one: Span, other: Span): bool {
  return equal(one.start, one.length, other.start, other.length)
}

function property(before: Span, source: Source | null): Source | null {
  if (source == null) return null
  const name = source.name
  const room = allocate(before.length + name.length)
  memory.copy(room, before.start, before.length)
  memory.copy(room + before.length, name.start, name.length)
  heap.free(name.start)
  setCopy(name, room, before.length + name.length)
  return source
}
