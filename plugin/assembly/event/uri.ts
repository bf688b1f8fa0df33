import { property } from '../abi/property'
import { Span, equal, utf8 } from '../abi/span'
import { HeaderTable } from '../capture/header-table'
import * as writer from './writer'

const FORWARDED_PROTO = utf8('x-forwarded-proto')
const SCHEME = utf8(':scheme')
const AUTHORITY = utf8(':authority')
const HOST = utf8('host')
const PATH = utf8(':path')
const HTTP = utf8('http')
const HTTPS = utf8('https')
const AFTER_SCHEME = utf8('://')
const DESTINATION_ADDRESS = utf8('destination\0address')
const UNKNOWN = utf8('unknown.invalid')

const found = new Span()

/** The absolute URI as the client sent it, in quotes; of the path no more than `maxPath` bytes. */
export function uri(request: HeaderTable, maxPath: u32): void {
  writer.byte(0x22)
  writer.literal(scheme(request))
  writer.literal(AFTER_SCHEME)
  authority(request)
  const path = request.find(PATH)
  // `*` (OPTIONS) and no path at all (CONNECT) leave the bare authority: RFC 9110, 7.1.
  if (path != null && path.valueLength > 0 && load<u8>(path.value) != 0x2a) {
    if (load<u8>(path.value) != 0x2f) writer.byte(0x2f)
    percentEncoded(path.value, min(path.valueLength, maxPath))
  }
  writer.byte(0x22)
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

function authority(request: HeaderTable): void {
  let entry = request.find(AUTHORITY)
  if (entry == null || entry.valueLength == 0) entry = request.find(HOST)
  if (entry != null && entry.valueLength > 0) {
    percentEncoded(entry.value, entry.valueLength)
    return
  }
  // A request without a host: the address it came in at is the truth that is left.
  property(DESTINATION_ADDRESS, found)
  if (found.length) percentEncoded(found.start, found.length)
  else writer.literal(UNKNOWN)
}

/** What RFC 3986 allows nowhere in a URI is percent-encoded, everything else left alone, `%` included. */
function percentEncoded(start: usize, length: u32): void {
  const end = start + length
  let at = start
  while (at < end) {
    const from = at
    while (at < end && isUriByte(load<u8>(at))) at++
    if (at > from) writer.raw(from, <u32>(at - from))
    if (at == end) return
    const byte = load<u8>(at++)
    writer.byte(0x25)
    writer.byte(upperHex(byte >> 4))
    writer.byte(upperHex(byte & 15))
  }
}

function upperHex(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x37 + value
}

/** Bits of the bytes 0x20 to 0x7f that may stand in a URI: all but blank " < > \ ^ ` { | } and DEL. */
const ALLOWED_20: u32 = 0xaffffffa
const ALLOWED_40: u32 = 0xafffffff
const ALLOWED_60: u32 = 0x47fffffe

function isUriByte(byte: u8): bool {
  const bit = (<u32>1) << (byte & 31)
  const row = byte >> 5
  if (row == 1) return (ALLOWED_20 & bit) != 0
  if (row == 2) return (ALLOWED_40 & bit) != 0
  if (row == 3) return (ALLOWED_60 & bit) != 0
  return false
}
