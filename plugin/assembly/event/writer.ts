import { PADDING, Span, copyPadded } from '../memory/span'
import { EQUALS } from '../text/bytes'
import { writeDecimal } from '../text/decimal'
import { ESCAPED, escapeTo } from '../text/json-escape'

/**
 * The one place where an event is written, byte by byte, again and again: `begin`, any of the others, `finish`. It writes where
 * it is told to, straight into a batch, and moves to memory of its own when the room there turns out too small. That grows up to
 * what the longest allowed event needs; past it nothing more is written.
 *
 * Room is looked after by what writes someone else's bytes (`raw`, `escaped`, `base64`, `room`), which leave `FIXED`
 * bytes free behind themselves. Constants and numbers of an event are fewer than that in sum, so they look at nothing.
 */
const EVENT_LIMIT: u32 = 1_000_000

const FIRST_CAPACITY: usize = 32 * 1024
const FIXED: usize = 4096

let own: usize = 0
let ownCapacity: usize = 0
let base: usize = 0
let capacity: usize = 0
let cursor: usize = 0
let full: bool = false

/** Begins an event in this place, or elsewhere if it is small. */
export function begin(place: Span): void {
  full = false
  base = place.start
  cursor = base
  capacity = place.length
  if (capacity < FIXED + PADDING) moveToOwn(FIRST_CAPACITY)
}

/** Where the event is, valid until the next begins; false when it became too long. */
export function finish(into: Span): bool {
  into.set(base, length())
  return !full && length() <= EVENT_LIMIT
}

function length(): u32 {
  return <u32>(cursor - base)
}

/**
 * Where the next bytes go, with room for so many and for 16 written beyond them; `advance` tells where they ended.
 * 0: the event is too long already.
 */
export function room(bytes: usize): usize {
  return reserve(bytes) ? cursor : 0
}

export function advance(to: usize): void {
  cursor = to
}

function reserve(bytes: usize): bool {
  if (full) return false
  const needed = cursor - base + bytes + PADDING + FIXED
  if (needed <= capacity) return true
  // An input longer than the limit makes an event longer than the limit, so growth ends near 6 x the limit.
  if (length() > EVENT_LIMIT || bytes > <usize>EVENT_LIMIT * 6) {
    full = true
    return false
  }
  moveToOwn(needed)
  return true
}

function moveToOwn(needed: usize): void {
  const written = cursor - base
  if (!own || base != own) {
    if (ownCapacity < needed) {
      if (own) heap.free(own)
      ownCapacity = max(needed, FIRST_CAPACITY)
      own = heap.alloc(ownCapacity)
    }
    memory.copy(own, base, written)
  } else {
    ownCapacity = max(needed, ownCapacity * 2)
    own = heap.realloc(own, ownCapacity)
  }
  base = own
  capacity = ownCapacity
  cursor = own + written
}

/** Of what is written next, for `overwrite`. */
export function offset(): usize {
  return cursor - base
}

export function overwrite(at: usize, value: u8): void {
  store<u8>(base + at, value)
}

/** Bytes as they are, of a block with room behind it. */
export function raw(from: usize, size: u32): void {
  if (!reserve(size)) return
  copyPadded(cursor, from, size)
  cursor += size
}

/** A short constant: 16 bytes at a time, over the end into the padding. */
export function literal(text: Span): void {
  const size = text.length
  const from = text.start
  const to = cursor
  v128.store(to, v128.load(from))
  for (let i: usize = 16; i < size; i += 16) v128.store(to + i, v128.load(from + i))
  cursor = to + size
}

export function byte(value: u8): void {
  store<u8>(cursor++, value)
}

/** The inside of a JSON string: escaped, each byte that is not UTF-8 replaced by U+FFFD. */
export function escaped(from: usize, size: u32): void {
  if (size > EVENT_LIMIT) {
    full = true
    return
  }
  if (reserve(<usize>size * ESCAPED)) cursor = escapeTo(from, size, cursor)
}

export function unsigned(value: u64): void {
  cursor = writeDecimal(cursor, value)
}

const BASE64 = memory.data<u8>([
  0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50,
  0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
  0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76,
  0x77, 0x78, 0x79, 0x7a, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x2b, 0x2f,
])

export function base64(from: usize, size: u32): void {
  if (size > EVENT_LIMIT) {
    full = true
    return
  }
  if (!reserve((<usize>size / 3 + 1) * 4)) return
  const end = from + size
  let at = from
  let to = cursor
  for (; at + 12 <= end; at += 12, to += 16) v128.store(to, base64Of(v128.load(at)))
  for (; at + 3 <= end; at += 3, to += 4) {
    const bits = ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at, 1)) << 8) | load<u8>(at, 2)
    store<u8>(to, load<u8>(BASE64 + (bits >> 18)))
    store<u8>(to, load<u8>(BASE64 + ((bits >> 12) & 63)), 1)
    store<u8>(to, load<u8>(BASE64 + ((bits >> 6) & 63)), 2)
    store<u8>(to, load<u8>(BASE64 + (bits & 63)), 3)
  }
  const rest = end - at
  if (rest) {
    const second: u32 = rest == 2 ? load<u8>(at, 1) : 0
    const bits = ((<u32>load<u8>(at)) << 16) | (second << 8)
    store<u8>(to, load<u8>(BASE64 + (bits >> 18)))
    store<u8>(to, load<u8>(BASE64 + ((bits >> 12) & 63)), 1)
    store<u8>(to, rest == 2 ? load<u8>(BASE64 + ((bits >> 6) & 63)) : EQUALS, 2)
    store<u8>(to, EQUALS, 3)
    to += 4
  }
  cursor = to
}

/**
 * The first 12 bytes as 16 digits. Four times the bytes a, b, c are laid out as b a c b, so that the four 6-bit groups
 * can be shifted to their own bytes; what to add to a group depends on which of five ranges of the alphabet it is in.
 * http://0x80.pl/notesen/2016-01-12-sse-base64-encoding.html
 */
function base64Of(chunk: v128): v128 {
  const spread = i8x16.swizzle(chunk, SPREAD)
  const first = i32x4.shr_u(v128.and(spread, i32x4.splat(0x0000fc00)), 10)
  const second = i32x4.shl(v128.and(spread, i32x4.splat(0x000003f0)), 4)
  const third = i32x4.shr_u(v128.and(spread, i32x4.splat(0x0fc00000)), 6)
  const fourth = i32x4.shl(v128.and(spread, i32x4.splat(0x003f0000)), 8)
  const groups = v128.or(v128.or(first, second), v128.or(third, fourth))
  // 0 for a-z, 1 to 10 for 0-9, 11 for +, 12 for /; and 13 for A-Z.
  const range = v128.or(
    i8x16.sub_sat_u(groups, i8x16.splat(51)),
    v128.and(i8x16.lt_s(groups, i8x16.splat(26)), i8x16.splat(13)),
  )
  return i8x16.add(groups, i8x16.swizzle(OFFSETS, range))
}

const SPREAD = i8x16(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10)
const OFFSETS = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0)
