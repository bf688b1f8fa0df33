import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { decodeBase64 } from '../codec/base64'
import { isInAnyCase, trim } from '../text/ascii'
import { COLON, SPACE } from '../text/bytes'
import { isUtf8, writeUtf8 } from '../text/utf8'

const BEARER = utf8('bearer')
const BASIC = utf8('basic')
const MOST_BYTES: u32 = 65536

/** The token behind `Bearer`, or all of a value that has no blank in it. */
export function bearerToken(value: Span, into: Span): bool {
  if (behindScheme(value, BEARER, into)) return true
  into.set(value.start, value.length)
  for (let at = value.start; at < value.end; at++) if (load<u8>(at) == SPACE) return false
  return true
}

/** The user name of `Basic …` (RFC 7617), in UTF-8: one that is not is taken for Latin-1. The password is never kept. */
export function basicUser(value: Span, into: Span): bool {
  if (!behindScheme(value, BASIC, into) || into.length > MOST_BYTES) return false
  const credentials = allocate(into.length)
  const length = decodeBase64(into.start, into.length, credentials)
  // The first colon ends the name: a password may have more of them.
  let size = 0
  while (size < length && load<u8>(credentials + size) != COLON) size++
  if (size >= length) return false
  into.set(credentials, size)
  if (!isUtf8(credentials, size)) fromLatin1(credentials, size, into)
  return true
}

function behindScheme(value: Span, scheme: Span, into: Span): bool {
  if (value.length <= scheme.length) return false
  if (load<u8>(value.start + scheme.length) != SPACE) return false
  if (!isInAnyCase(value.start, scheme.length, scheme)) return false
  trim(value.start + scheme.length, value.end, into)
  return true
}

function fromLatin1(start: usize, length: u32, into: Span): void {
  const text = allocate(<usize>length * 2)
  let out = text
  for (let i: u32 = 0; i < length; i++) out = writeUtf8(load<u8>(start + i), out)
  into.set(text, <u32>(out - text))
}
