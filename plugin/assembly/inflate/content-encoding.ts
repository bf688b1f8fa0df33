import { Span, utf8 } from '../memory/span'
import { Compression } from './decompress'

const GZIP = utf8('gzip')
const X_GZIP = utf8('x-gzip')
const DEFLATE = utf8('deflate')
const IDENTITY = utf8('identity')

/** What the value of a `content-encoding` header says, in any case; nothing said is no compression. */
export function compressionOf(start: usize, length: u32): Compression {
  let at = start
  let end = at + length
  while (at < end && load<u8>(at) <= 0x20) at++
  while (at < end && load<u8>(end - 1) <= 0x20) end--
  const size = <u32>(end - at)
  if (!size || isWord(at, size, IDENTITY)) return Compression.None
  // RFC 9110, 8.4.1.3: both are the same.
  if (isWord(at, size, GZIP) || isWord(at, size, X_GZIP)) return Compression.Gzip
  return isWord(at, size, DEFLATE) ? Compression.Deflate : Compression.Unknown
}

/** The word is in lower case, and has letters and hyphens only. */
function isWord(start: usize, length: u32, word: Span): bool {
  if (length != word.length) return false
  for (let i: u32 = 0; i < length; i++) {
    if ((load<u8>(start + i) | 0x20) != load<u8>(word.start + i)) return false
  }
  return true
}
