import { Span, utf8 } from '../memory/span'
import { HeaderTable, headerName } from '../facts/header-table'
import { isInAnyCase } from '../text/ascii'
import { ASTERISK, COMMA, DELETE, PERCENT, SLASH, SPACE } from '../text/bytes'
import { upperHexDigit } from '../text/hex'
import * as writer from './writer'

const FORWARDED_PROTO = headerName(utf8('x-forwarded-proto'))
const SCHEME = headerName(utf8(':scheme'))
const PATH = headerName(utf8(':path'))
const HTTP = utf8('http')
const HTTPS = utf8('https')
const AFTER_SCHEME = utf8('://')

/** The absolute URI as the client sent it; of authority and path no more than `most` bytes each. */
export function uri(request: HeaderTable, authority: Span, most: u32): void {
  writer.literal(scheme(request))
  writer.literal(AFTER_SCHEME)
  percentEncoded(authority.start, min(authority.length, most))
  const path = request.find(PATH)
  // `*` (OPTIONS) and no path at all (CONNECT) leave the bare authority: RFC 9110, 7.1.
  if (path != null && path.valueLength && load<u8>(path.value) != ASTERISK) {
    if (load<u8>(path.value) != SLASH) writer.byte(SLASH)
    percentEncoded(path.value, min(path.valueLength, most))
  }
}

/**
 * The scheme the client used. Behind a proxy that ends TLS only `x-forwarded-proto` knows; Envoy overwrites it unless
 * it is configured to trust its sender (`use_remote_address`, `xff_num_trusted_hops`).
 */
function scheme(request: HeaderTable): Span {
  const forwarded = request.find(FORWARDED_PROTO)
  if (forwarded != null) {
    let length: u32 = 0
    while (length < forwarded.valueLength) {
      const byte = load<u8>(forwarded.value + length)
      if (byte == COMMA || byte == SPACE) break
      length++
    }
    const known = knownScheme(forwarded.value, length)
    if (known != null) return known
  }
  const own = request.find(SCHEME)
  if (own != null) {
    const known = knownScheme(own.value, own.valueLength)
    if (known != null) return known
  }
  return HTTP
}

function knownScheme(start: usize, length: u32): Span | null {
  if (isInAnyCase(start, length, HTTPS)) return HTTPS
  return isInAnyCase(start, length, HTTP) ? HTTP : null
}

/** What RFC 3986 allows nowhere in a URI is percent-encoded, everything else left alone, `%` included. */
function percentEncoded(start: usize, length: u32): void {
  let to = writer.room(<usize>length * 3)
  if (!to) return
  const end = start + length
  let at = start
  while (at < end) {
    const chunk = v128.load(at)
    v128.store(to, chunk)
    const plain = min<usize>(ctz(i8x16.bitmask(notInUri(chunk)) | 0x10000), end - at)
    at += plain
    to += plain
    if (plain == 16 || at == end) continue
    const byte = load<u8>(at++)
    store<u8>(to, PERCENT)
    store<u8>(to, upperHexDigit(byte >> 4), 1)
    store<u8>(to, upperHexDigit(byte & 15), 2)
    to += 3
  }
  writer.advance(to)
}

/**
 * Marks blanks, controls, bytes from 0x7f on, and " < > \\ ^ ` { | }: these by two tables, one by the byte's low and one
 * by its high half, that have a bit in common for them only.
 */
function notInUri(chunk: v128): v128 {
  const low = i8x16.swizzle(LOW_HALF, v128.and(chunk, i8x16.splat(0x0f)))
  const high = i8x16.swizzle(HIGH_HALF, i8x16.shr_u(chunk, 4))
  const marked = i8x16.ne(v128.and(low, high), i8x16.splat(0))
  const outside = v128.or(
    i8x16.le_s(chunk, i8x16.splat(SPACE)),
    i8x16.eq(chunk, i8x16.splat(DELETE)),
  )
  return v128.or(marked, outside)
}

/** Bits: 1 for 0x2_, 2 for 0x3_, 4 for 0x5_, 8 for 0x6_, 16 for 0x7_. */
const HIGH_HALF = i8x16(0, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0)
const LOW_HALF = i8x16(8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 16, 22, 16, 6, 0)
