/** Where one document stands in a text, in bytes. */
export interface Span {
  offset: number
  length: number
}

/** Why a text is not what it should be; `index` is that of the element. */
export class SplitError extends Error {
  readonly index: number
  readonly tooMuch: boolean

  constructor(message: string, index: number, tooMuch = false) {
    super(message)
    this.index = index
    this.tooMuch = tooMuch
  }
}

export interface SplitLimits {
  documents: number
  /** Values in one document: each costs memory beyond its bytes, an empty array of two bytes some sixteen times. */
  values: number
  /** Values in all documents together. */
  total: number
}

const UNLIMITED: SplitLimits = { documents: Infinity, values: Infinity, total: Infinity }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The first byte that is neither white space nor a byte order mark. */
export function startOf(json: Uint8Array): number {
  let at = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0
  while (at < json.length && isSpace(json[at]!)) at++
  return at
}

/** The one document of a text, without surrounding white space. */
export function spanOfDocument(json: Uint8Array, limits: SplitLimits): Span {
  const offset = startOf(json)
  let end = json.length
  while (end > offset && isSpace(json[end - 1]!)) end--
  let position = offset
  const counter = new ValueCounter(limits)
  while (position < end) position = counter.skip(json, position)
  return { offset, length: end - offset }
}

/**
 * Finds the elements of a JSON array without parsing them. What stands between them is checked here; each element is left to
 * JSON.parse, which checks the rest.
 * @throws SplitError
 */
export function splitArray(json: Uint8Array, limits: SplitLimits): Span[] {
  const spans: Span[] = []
  const counter = new ValueCounter(limits)
  let at = startOf(json)
  if (json[at] !== OPEN_ARRAY) throw new SplitError('it does not start with [', 0)
  at = afterSpace(json, at + 1)
  if (json[at] === CLOSE_ARRAY) return endOf(json, at, spans)
  for (;;) {
    if (spans.length >= limits.documents)
      throw new SplitError(`more than ${limits.documents} documents`, spans.length, true)
    const end = endOfValue(json, at, counter)
    counter.nextDocument()
    spans.push({ offset: at, length: end - at })
    at = afterSpace(json, end)
    if (json[at] === CLOSE_ARRAY) return endOf(json, at, spans)
    if (json[at] !== COMMA) throw new SplitError(what(json, at, ', or ]'), spans.length - 1)
    at = afterSpace(json, at + 1)
  }
}

/** The value of a member of an object that JSON.parse has accepted; of several of that name the last, as JSON.parse has it. */
export function spanOfMember(json: Uint8Array, name: string): Span | undefined {
  const wanted = Buffer.from(JSON.stringify(name))
  let at = afterSpace(json, startOf(json) + 1)
  let found: Span | undefined
  while (at < json.length && json[at] === QUOTE) {
    const nameEnd = endOfString(json, at)
    const isWanted = wanted.equals(json.subarray(at, nameEnd + 1))
    at = afterSpace(json, nameEnd + 1)
    if (json[at] !== COLON) return found
    at = afterSpace(json, at + 1)
    const end = endOfValue(json, at, new ValueCounter(UNLIMITED))
    if (isWanted) found = { offset: at, length: end - at }
    at = afterSpace(json, end)
    if (json[at] !== COMMA) return found
    at = afterSpace(json, at + 1)
  }
  return found
}

function endOf(json: Uint8Array, close: number, spans: Span[]): Span[] {
  const rest = afterSpace(json, close + 1)
  if (rest < json.length)
    throw new SplitError(what(json, rest, 'the end'), Math.max(0, spans.length - 1))
  return spans
}

/** Where a value ends that starts at `start`: by brackets and strings alone. */
function endOfValue(json: Uint8Array, start: number, counter: ValueCounter): number {
  let position = start
  let end = start
  while (position < json.length) {
    const byte = json[position]!
    if (counter.depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT))
      break
    position = counter.skip(json, position)
    if (!isSpace(byte)) end = position
  }
  if (end === start) throw new SplitError(what(json, start, 'a value'), counter.index)
  return Math.min(end, json.length)
}

class ValueCounter {
  depth = 0
  /** Of the document that is passed. */
  index = 0
  #values = 1
  #total = 1
  readonly #limits: SplitLimits

  constructor(limits: SplitLimits) {
    this.#limits = limits
  }

  nextDocument(): void {
    this.depth = 0
    this.index++
    this.#total += this.#values
    this.#values = 1
  }

  /** Counts and skips the token at a position, a whole string at once; returns the next position. */
  skip(json: Uint8Array, position: number): number {
    const byte = json[position]!
    if (byte === QUOTE) return endOfString(json, position) + 1
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      this.depth++
      this.#values++
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.depth--
    else if (byte === COMMA) this.#values++
    const { values, total } = this.#limits
    if (this.#values > values)
      throw new SplitError(`more than ${values} values in one document`, this.index, true)
    if (this.#total + this.#values > total)
      throw new SplitError(`more than ${total} values`, this.index, true)
    return position + 1
  }
}

/**
 * Position of the quote that closes the string opened at `open`.
 *
 * @note a plain string is passed at once; from the first escaped quote on byte by byte: a search for each would be a call
 * for every other byte of a hostile string.
 */
function endOfString(json: Uint8Array, open: number): number {
  let position = json.indexOf(QUOTE, open + 1)
  if (position < 0) return json.length
  let backslashes = 0
  while (json[position - 1 - backslashes] === BACKSLASH) backslashes++
  if (backslashes % 2 === 0) return position
  for (position++; position < json.length; position++) {
    if (json[position] === BACKSLASH) position++
    else if (json[position] === QUOTE) return position
  }
  return json.length
}

function afterSpace(json: Uint8Array, position: number): number {
  while (position < json.length && isSpace(json[position]!)) position++
  return position
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function what(json: Uint8Array, position: number, expected: string): string {
  const found =
    position < json.length
      ? JSON.stringify(String.fromCharCode(json[position]!))
      : 'the end of the text'
  return `expected ${expected}, found ${found} at position ${position}`
}
