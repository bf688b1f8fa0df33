/** UTF-8's EF BB BF, as it stands in memory. */
const MARK: u32 = 0xbfbbef
const LENGTH: u32 = 3

/** Bytes to skip before a text begins: a byte order mark is not part of JSON (RFC 8259, 8.1), but parsers may ignore it. */
export function markLength(start: usize, length: u32): u32 {
  return length >= LENGTH && (load<u32>(start) & 0xffffff) == MARK ? LENGTH : 0
}
