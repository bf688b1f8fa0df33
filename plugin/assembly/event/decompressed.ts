import { HeaderTable, headerName } from '../facts/header-table'
import { compressionOf } from '../inflate/content-encoding'
import { Compression, decompress } from '../inflate/decompress'
import { TOO_LONG } from '../inflate/inflate'
import { PADDING, Span, utf8 } from '../memory/span'

const CONTENT_ENCODING = headerName(utf8('content-encoding'))

/** The first bytes of gzip, with the only method there is. */
const GZIP_START: u32 = 0x088b1f

export const enum Decompressed {
  /** Nothing to decompress, or it failed: the bytes are as they were received. */
  AsItWas,
  Done,
  TooLong,
}

/** A buffer for one body, reused: bodies are written one after the other. */
let room: usize = heap.alloc(PADDING)
let capacity: u32

/** How a body is compressed; one of a type that is text may have lost its header to a filter before this one. */
export function compressionIn(table: HeaderTable, body: Span, isText: bool): Compression {
  const entry = table.find(CONTENT_ENCODING)
  if (entry != null) return compressionOf(entry.value, entry.valueLength)
  const isGzip = isText && body.length > 3 && (load<u32>(body.start) & 0xffffff) == GZIP_START
  return isGzip ? Compression.Gzip : Compression.None
}

/**
 * Makes `body` the decompressed bytes, valid until the next call.
 *
 * @note what does not decompress may not be compressed at all: a header that is read at the end can be of a filter that
 * compressed the body after it had passed here.
 */
export function decompressBody(compression: Compression, body: Span, limit: u32): Decompressed {
  if (capacity < limit) {
    room = heap.realloc(room, <usize>limit + PADDING)
    capacity = limit
  }
  const size = decompress(compression, body.start, body.length, room, limit)
  if (size == TOO_LONG) return Decompressed.TooLong
  if (size < 0) return Decompressed.AsItWas
  body.set(room, size)
  return Decompressed.Done
}
