import { encodeBase64 } from '../codec/base64'
import { Span, copyPadded } from '../memory/span'
import { writeDecimal } from '../text/decimal'
import { ESCAPED, escapeTo } from '../text/json-escape'

/**
 * The one writer of events: `begin`, any of the others, `finish`. It writes to the given address, straight into a batch, and moves
 * to its own buffer when the space there is too small. The buffer grows up to `MOST_CAPACITY`; beyond that nothing more is written.
 *
 * Room is checked by what writes bytes of any length (`raw`, `escaped`, `base64`, `room`), which leave `FIXED`
 * bytes free behind themselves. The constants and numbers of an event are shorter than that in total, so they need no check.
 */
const EVENT_LIMIT: u32 = 1_000_000

/** More than an event within the limit needs while it is written: room for what is escaped is six times as long as that. */
const MOST_CAPACITY: usize = 7_200_000
const FIXED: usize = 4096

let own: usize = heap.alloc(FIXED)
let ownCapacity: usize = FIXED
let base: usize
let capacity: usize
let cursor: usize
let full: bool

/** Begins an event in this place, or in its own buffer if the place is small. */
export function begin(place: Span): void {
  full = false
  base = place.start
  cursor = base
  capacity = place.length
  reserve(0)
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
 * The address of the next bytes, with space for `bytes` and 16 more; `advance` sets where they ended.
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
  const needed = cursor - base + bytes + FIXED
  if (needed <= capacity) return true
  full = needed > MOST_CAPACITY
  if (!full) moveToOwn(needed)
  return !full
}

function moveToOwn(needed: usize): void {
  const written = cursor - base
  const isElsewhere = base != own
  if (ownCapacity < needed) {
    own = heap.realloc(own, needed)
    ownCapacity = needed
  }
  if (isElsewhere) memory.copy(own, base, written)
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
  if (reserve(<usize>size * ESCAPED)) cursor = escapeTo(from, size, cursor)
}

export function unsigned(value: u64): void {
  cursor = writeDecimal(cursor, value)
}

export function base64(from: usize, size: u32): void {
  if (reserve((<usize>size / 3 + 1) * 4)) cursor = encodeBase64(from, size, cursor)
}
