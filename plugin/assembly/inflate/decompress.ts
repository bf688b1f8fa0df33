import { BROKEN, Inflater, TOO_LONG } from './inflate'

/** What a body may be compressed with and still be read here. */
export const enum Compression {
  None,
  Gzip,
  /** zlib (RFC 1950), as RFC 9110 has it, or bare deflate, as some servers send it. */
  Deflate,
  /** Something else: br, zstd, or several in a row. */
  Unknown,
}

/** A higher ratio is a compression bomb rather than a text: deflate has 1032 at most. */
const MOST_RATIO: u64 = 256
/** The size that even the shortest body may grow to. */
const ALWAYS_ALLOWED: u64 = 65536

const FIXED_HEADER: usize = 10
const TRAILER: usize = 8
const HEADER_CHECKSUM: u8 = 2
const EXTRA: u8 = 4
const NAME: u8 = 8
const COMMENT: u8 = 16
const RESERVED: u8 = 0xe0

/**
 * Decompresses a body that passed whole to `to`, where there are `limit` bytes and 16 more. The number of bytes; BROKEN
 * when it is cut off or is not what its encoding says; TOO_LONG when it has more than `limit`, or exceeds the
 * ratio.
 */
export function decompress(
  compression: Compression,
  start: usize,
  length: u32,
  to: usize,
  limit: u32,
): i32 {
  const most = <u32>min<u64>(limit, max<u64>(<u64>length * MOST_RATIO, ALWAYS_ALLOWED))
  const inflater = new Inflater(start, start + length, to, most)
  const result =
    compression == Compression.Gzip ? members(inflater, start, length) : deflate(inflater, length)
  const size = <i32>(inflater.out - to)
  heap.free(changetype<usize>(inflater))
  return result ? result : size
}

function deflate(inflater: Inflater, length: u32): i32 {
  if (length < 2) return BROKEN
  const first: u32 = load<u8>(inflater.at)
  const second: u32 = load<u8>(inflater.at, 1)
  const isZlib = (first & 15) == 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 == 0
  // A preset dictionary is known to client and server only.
  if (isZlib && (second & 32) != 0) return BROKEN
  if (isZlib) inflater.at += 2
  return inflater.run()
}

/** gzip (RFC 1952): one member or more; trailing bytes are ignored, as zlib does. */
function members(inflater: Inflater, start: usize, length: u32): i32 {
  const end = start + length
  do {
    const body = behindHeader(inflater.at, end)
    if (!body) return BROKEN
    inflater.at = body
    const result = inflater.run()
    if (result) return result
    if (inflater.at + TRAILER > end) return BROKEN
    inflater.at += TRAILER
  } while (inflater.at + 2 <= end && load<u16>(inflater.at) == 0x8b1f)
  return 0
}

/** 0 when there is none. */
function behindHeader(start: usize, end: usize): usize {
  if (start + FIXED_HEADER > end || load<u16>(start) != 0x8b1f || load<u8>(start, 2) != 8) return 0
  const flags = load<u8>(start, 3)
  if (flags & RESERVED) return 0
  let at = start + FIXED_HEADER
  if (flags & EXTRA) at = at + 2 > end ? end + 1 : at + 2 + load<u16>(at)
  if (flags & NAME) at = behindNul(at, end)
  if (flags & COMMENT) at = behindNul(at, end)
  if (flags & HEADER_CHECKSUM) at += 2
  return at > end ? 0 : at
}

function behindNul(from: usize, end: usize): usize {
  let at = from
  while (at < end && load<u8>(at)) at++
  return at + 1
}
