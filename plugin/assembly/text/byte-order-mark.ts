/** UTF-8's EF BB BF, as it stands in memory. */
const MARK: u32 = 0xbfbbef
const LENGTH: u32 = 3

/** Bytes to pass over before a text begins: a byte order mark is no JSON (RFC 8259, 8.1), but its readers are told to ignore it. */
export function markLength(start: usize, length: u32): u32 {
  return length >= LENGTH && (load<u32>(start) & 0xffffff) == MARK ? LENGTH : 0
}
