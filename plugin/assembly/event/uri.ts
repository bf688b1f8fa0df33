import { property } from '../abi/property'
import { Span, equal, utf8 } from '../memory/span'
import { HeaderTable, headerName } from '../facts/header-table'
import * as writer from './writer'

const FORWARDED_PROTO = headerName(utf8('x-forwarded-proto'))
const SCHEME = headerName(utf8(':scheme'))
const AUTHORITY = headerName(utf8(':authority'))
const HOST = headerName(utf8('host'))
const PATH = headerName(utf8(':path'))
const HTTP = utf8('http')
const HTTPS = utf8('https')
const AFTER_SCHEME = utf8('://')
const DESTINATION_ADDRESS = utf8('destination\0address')
const UNKNOWN = utf8('unknown.invalid')

const found = new Span()

/** The absolute URI as the client sent it; of authority and path no more than `most` bytes each. */
export function uri(request: HeaderTable, most: u32): void {
  writer.literal(scheme(request))
  writer.literal(AFTER_SCHEME)
  authority(request, most)
  const path = request.find(PATH)
  // `*` (OPTIONS) and no path at all (CONNECT) leave the bare authority: RFC 9110, 7.1.
  if (path != null && path.valueLength > 0 && load<u8>(path.value) != 0x2a) {
    if (load<u8>(path.value) != 0x2f) writer.byte(0x2f)
    percentEncoded(path.value, min(path.valueLength, most))
  }
}

/**
 * The scheme the client used. Behind a proxy that ends TLS only `x-forwarded-proto` knows; Envoy overwrites it unless
 * it is told to trust who sends it (`use_remote_address`, `xff_num_trusted_hops`).
 */
function scheme(request: HeaderTable): Span {
  const forwarded = request.find(FORWARDED_PROTO)
  if (forwarded != null) {
    let length: u32 = 0
    while (length < forwarded.valueLength) {
      const byte = load<u8>(forwarded.value + length)
      if (byte == 0x2c || byte == 0x20) break
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
  if (length < 4 || length > 5) return null
  store<u32>(lower, load<u32>(start) | 0x20202020)
  store<u8>(lower, load<u8>(start, 4) | 0x20, 4)
  if (equal(lower, length, HTTPS.start, HTTPS.length)) return HTTPS
  if (equal(lower, length, HTTP.start, HTTP.length)) return HTTP
  return null
}

const lower = memory.data(8)

function authority(request: HeaderTable, most: u32): void {
  let entry = request.find(AUTHORITY)
  if (entry == null || entry.valueLength == 0) entry = request.find(HOST)
  if (entry != null && entry.valueLength > 0) {
    percentEncoded(entry.value, min(entry.valueLength, most))
    return
  }
  // A request without a host: the address it came in at is the truth that is left.
  property(DESTINATION_ADDRESS, found)
  if (found.length) percentEncoded(found.start, found.length)
  else writer.literal(UNKNOWN)
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
    store<u8>(to, 0x25)
    store<u8>(to, upperHex(byte >> 4), 1)
    store<u8>(to, upperHex(byte & 15), 2)
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
  const outside = v128.or(i8x16.le_s(chunk, i8x16.splat(0x20)), i8x16.eq(chunk, i8x16.splat(0x7f)))
  return v128.or(marked, outside)
}

/** Bits: 1 for 0x2_, 2 for 0x3_, 4 for 0x5_, 8 for 0x6_, 16 for 0x7_. */
const HIGH_HALF = i8x16(0, 0, 1, 2, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0)
const LOW_HALF = i8x16(8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 16, 22, 16, 6, 0)

function upperHex(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x37 + value
}
