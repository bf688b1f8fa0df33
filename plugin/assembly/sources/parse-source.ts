import { allocate } from '../memory/arena'
import { Span, equal, utf8 } from '../memory/span'
import { toHeaderName } from '../text/header-name'
import { TextError } from '../text/text-error'
import { isDigit } from '../text/ascii'
import { COLON, DELETE, SPACE, ZERO } from '../text/bytes'
import { parsePath, pathError } from './parse-path'
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

const CLOSE_PARENTHESIS: u8 = 0x29

let begin: usize = 0
let at: usize = 0
let end: usize = 0
let failure: TextError = new TextError()

/** The source that a text names, or null, and then `error` says what is wrong with it, and where. */
export function parseSource(
  start: usize,
  length: u32,
  use: SourceUse,
  error: TextError,
): Source | null {
  begin = start
  at = start
  end = start + length
  failure = error
  for (let i = start; i < end; i++) {
    const byte = load<u8>(i)
    if (byte < SPACE || byte == DELETE) return fail(i, reasons.CONTROL)
  }
  return use == SourceUse.ClientAddress ? address() : identity()
}

function fail(where: usize, reason: Span): Source | null {
  failure.set(<u32>(where - begin), reason)
  return null
}

function address(): Source | null {
  const first = at
  const kind = word()
  if (is(kind, PEER) && at == end) return new Source(SourceKind.Peer)
  if (!is(kind, HEADER)) return fail(first, reasons.UNKNOWN_ADDRESS)
  const source = named(SourceKind.Header, true)
  if (source == null || at == end) return source
  at++
  let number: u32 = 0
  const digits = at
  while (at < end && isDigit(load<u8>(at)) && number < 100) {
    number = number * 10 + load<u8>(at++) - ZERO
  }
  if (at < end || at == digits || number < 1 || number > 99) {
    source.free()
    return fail(digits, reasons.NO_NUMBER)
  }
  source.fromRight = number
  return source
}

function identity(): Source | null {
  let hashed = false
  if (startsWith(SHA256)) {
    hashed = true
    at += SHA256.length
    if (end == at || load<u8>(end - 1) != CLOSE_PARENTHESIS) return fail(end, reasons.NOT_CLOSED)
    end--
  }
  const source = plain()
  if (source != null) source.hashed = hashed
  return source
}

function plain(): Source | null {
  const first = at
  const kind = word()
  if (is(kind, HEADER)) return named(SourceKind.Header, false)
  if (is(kind, RESPONSE_HEADER)) return named(SourceKind.ResponseHeader, false)
  if (is(kind, BASIC)) return named(SourceKind.Basic, false)
  if (is(kind, COOKIE)) return text(SourceKind.Cookie)
  if (is(kind, QUERY)) return text(SourceKind.Query)
  if (is(kind, LITERAL)) return text(SourceKind.Literal)
  if (is(kind, JWT)) return claim(named(SourceKind.Jwt, true))
  if (is(kind, JWT_COOKIE)) return claim(beforeColon(SourceKind.JwtCookie))
  if (is(kind, METADATA)) return metadata()
  if (is(kind, FILTER_STATE)) return property(FILTER_STATE_PATH, text(SourceKind.Property))
  if (is(kind, PEER)) return certificate()
  return fail(first, reasons.UNKNOWN_KIND)
}

const found = new Span()

/** What stands before the next colon, which is passed; all when there is none. */
function word(): Span {
  const first = at
  passName()
  found.set(first, <u32>(at - first))
  if (at < end) at++
  return found
}

/** To the next colon, or the end. */
function passName(): void {
  while (at < end && load<u8>(at) != COLON) at++
}

function is(one: Span, other: Span): bool {
  return equal(one.start, one.length, other.start, other.length)
}

function startsWith(beginning: Span): bool {
  return end - at >= beginning.length && memory.compare(at, beginning.start, beginning.length) == 0
}

/** A header's name: all that is left, or what stands before the colon, where `at` then is. */
function named(kind: SourceKind, stops: bool): Source | null {
  const first = at
  if (stops) passName()
  else at = end
  const length = <u32>(at - first)
  const source = new Source(kind)
  setCopy(source.name, first, length)
  if (toHeaderName(source.name.start, length)) return source
  source.free()
  return fail(first, reasons.NO_HEADER)
}

/** A name that is all that is left. */
function text(kind: SourceKind): Source | null {
  if (at == end) return fail(at, reasons.NO_NAME)
  const source = new Source(kind)
  setCopy(source.name, at, <u32>(end - at))
  at = end
  return source
}

function beforeColon(kind: SourceKind): Source | null {
  const first = at
  passName()
  if (at == first) return fail(first, reasons.NO_NAME)
  const source = new Source(kind)
  setCopy(source.name, first, <u32>(at - first))
  return source
}

/** Adds the path behind the colon to a source that has a name. */
function claim(source: Source | null): Source | null {
  if (source == null) return null
  if (at == end) {
    source.free()
    return fail(at, reasons.NO_PATH)
  }
  const room = allocate(<usize>(end - at) * 2 + 2)
  const length = parsePath(at + 1, end, room)
  if (length) {
    setCopy(source.path, room, length)
    return source
  }
  source.free()
  return fail(pathError.at, pathError.reason)
}

/** `FILTER:PATH` as the path of one property. */
function metadata(): Source | null {
  const source = claim(beforeColon(SourceKind.Property))
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

/** Puts the beginning of its path before the name. */
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

function certificate(): Source | null {
  const first = at
  const field = word()
  let path: Span | null = null
  if (is(field, SUBJECT)) path = SUBJECT_PATH
  else if (is(field, URI_SAN)) path = URI_SAN_PATH
  else if (is(field, DNS_SAN)) path = DNS_SAN_PATH
  else if (is(field, FINGERPRINT)) path = FINGERPRINT_PATH
  if (path == null || at != end) return fail(first, reasons.NO_PEER)
  const source = new Source(SourceKind.Property)
  setCopy(source.name, path.start, path.length)
  return source
}
