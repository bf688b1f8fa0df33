import { sequenceLength } from '../text/utf8'

/** Characters below this are one byte each. */
export const ASCII: u8 = 0x80
/** Replaces a byte that is not UTF-8. */
export const REPLACEMENT: u32 = 0xfffd

/** Bytes of the character at `at`: 1 for ASCII and for what is not UTF-8. Never past `end`. */
export function pointLength(at: usize, end: usize): u32 {
  if (load<u8>(at) < ASCII) return 1
  const length = sequenceLength(at)
  return length != 0 && at + length <= end ? length : 1
}

/** The character of `length` bytes at `at`. */
export function pointAt(at: usize, length: u32): u32 {
  const lead: u32 = load<u8>(at)
  if (length == 1) return lead < ASCII ? lead : REPLACEMENT
  const second: u32 = load<u8>(at, 1) & 63
  if (length == 2) return ((lead & 31) << 6) | second
  const third: u32 = load<u8>(at, 2) & 63
  if (length == 3) return ((lead & 15) << 12) | (second << 6) | third
  return ((lead & 7) << 18) | (second << 12) | (third << 6) | (load<u8>(at, 3) & 63)
}
