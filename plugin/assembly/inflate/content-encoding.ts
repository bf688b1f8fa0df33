import { Span, utf8 } from '../memory/span'
import { isInAnyCase, trim } from '../text/ascii'
import { Compression } from './decompress'

const GZIP = utf8('gzip')
const X_GZIP = utf8('x-gzip')
const DEFLATE = utf8('deflate')
const IDENTITY = utf8('identity')

const name = new Span()

/** What the value of a `content-encoding` header says, in any case; no value means no compression. */
export function compressionOf(start: usize, length: u32): Compression {
  trim(start, start + length, name)
  const at = name.start
  const size = name.length
  if (!size || isInAnyCase(at, size, IDENTITY)) return Compression.None
  // RFC 9110, 8.4.1.3: both are the same.
  if (isInAnyCase(at, size, GZIP) || isInAnyCase(at, size, X_GZIP)) return Compression.Gzip
  return isInAnyCase(at, size, DEFLATE) ? Compression.Deflate : Compression.Unknown
}
