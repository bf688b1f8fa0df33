/** Where one element of a JSON array stands in its document, in bytes. */
export interface Span {
  offset: number
  length: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/**
 * Finds the elements of a JSON array without copying them.
 * The document must have been parsed before: this only follows brackets and strings, it does not validate.
 */
export function splitArray(json: Uint8Array): Span[] {
  const spans: Span[] = []
  let position = json.indexOf(0x5b) + 1
  let depth = 0
  let start = -1
  let end = -1

  for (; position < json.length; position++) {
    const byte = json[position]!
    if (byte <= 0x20) continue
    if (depth === 0 && (byte === COMMA || byte === 0x5d)) {
      if (start >= 0) spans.push({ offset: start, length: end - start })
      if (byte === 0x5d) break
      start = -1
      continue
    }
    if (start < 0) start = position
    if (byte === QUOTE) position = endOfString(json, position)
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) depth--
    end = position + 1
  }
  return spans
}

/** Position of the quote that closes the string opened at `open`. */
function endOfString(json: Uint8Array, open: number): number {
  let position = open
  for (;;) {
    position = json.indexOf(QUOTE, position + 1)
    if (position < 0) return json.length
    let backslashes = 0
    while (json[position - 1 - backslashes] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return position
  }
}
