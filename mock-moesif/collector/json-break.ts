import { escapePointer } from '../judgement/pointer.ts'
import { startOf } from '../model/split-json.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
/** What may follow a number, `true`, `false` or `null`. */
const ENDS = new Set(Buffer.from(' \t\r\n,:[]{}"'))
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** What a backslash may stand before, but for `u`. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'))
/** A text may nest as deep as it is long: beyond this, the pointer is that of a value around the break. */
const MAX_POINTER = 500

export interface JsonBreak {
  /** JSON pointer of the innermost value that was begun. */
  pointer: string
  message: string
  /** Whether what is there could go on as JSON. */
  isCutOff: boolean
}

/** Where a text that JSON.parse refuses stops being JSON; undefined when this is not found. */
export function findBreak(json: Uint8Array): JsonBreak | undefined {
  const walk = new JsonWalk(json)
  return walk.isWhole() ? undefined : walk.stopped()
}

/** Passes the tokens of a text without recursion: it may nest deeper than JavaScript recurses. */
class JsonWalk {
  readonly #json: Buffer
  /** The bytes as letters. */
  readonly #text: string
  #at: number
  /** Of each array and object that is open: index or name of its value that is being read, null between two members. */
  readonly #path: (number | string | null)[] = []
  #token = ''

  constructor(json: Uint8Array) {
    this.#json = Buffer.from(json.buffer, json.byteOffset, json.byteLength)
    this.#text = this.#json.toString('latin1')
    this.#at = startOf(json)
  }

  isWhole(): boolean {
    if (!this.#value()) return false
    while (this.#path.length > 0) if (!this.#afterValue()) return false
    return this.#next() === undefined
  }

  stopped(): JsonBreak {
    const found = this.#json[this.#at]
    const pointer = this.#pointer()
    if (found !== undefined) {
      const shown = JSON.stringify(String.fromCharCode(found))
      return { pointer, message: `unexpected ${shown} at byte ${this.#at}`, isCutOff: false }
    }
    const container = typeof this.#path.at(-1) === 'number' ? 'an array' : 'an object'
    const inside = this.#token || (this.#path.length > 0 ? container : '')
    const message = inside === '' ? 'the text is empty' : `the text ends inside ${inside}`
    return { pointer, message, isCutOff: true }
  }

  #pointer(): string {
    let pointer = ''
    for (const name of this.#path) {
      if (name === null || pointer.length + String(name).length > MAX_POINTER) break
      pointer += `/${escapePointer(String(name))}`
    }
    return pointer
  }

  /** A number, string or the like, or all that opens up to the first of them. */
  #value(): boolean {
    for (;;) {
      const byte = this.#next()
      if (byte === OPEN_OBJECT) {
        this.#at++
        this.#path.push(null)
        if (this.#next() === CLOSE_OBJECT) return this.#close()
        if (!this.#name()) return false
      } else if (byte === OPEN_ARRAY) {
        this.#at++
        this.#path.push(0)
        if (this.#next() === CLOSE_ARRAY) return this.#close()
      } else return byte === QUOTE ? this.#string() : this.#word()
    }
  }

  /** What follows a value in an array or object: its end, or the next value. */
  #afterValue(): boolean {
    const last = this.#path.length - 1
    const inside = this.#path[last]
    const byte = this.#next()
    if (typeof inside === 'number') {
      if (byte === CLOSE_ARRAY) return this.#close()
      if (byte !== COMMA) return false
      this.#path[last] = inside + 1
      this.#at++
      return this.#value()
    }
    this.#path[last] = null
    if (byte === CLOSE_OBJECT) return this.#close()
    if (byte !== COMMA) return false
    this.#at++
    return this.#name() && this.#value()
  }

  #name(): boolean {
    const start = (this.#next(), this.#at)
    if (this.#json[start] !== QUOTE || !this.#string()) return false
    const text = this.#json.toString('utf8', start, this.#at)
    if (this.#next() !== COLON) return false
    this.#at++
    this.#path[this.#path.length - 1] = JSON.parse(text) as string
    return true
  }

  #string(): boolean {
    this.#token = 'a string'
    for (this.#at++; this.#at < this.#json.length; this.#at++) {
      const byte = this.#json[this.#at]!
      if (byte < 0x20) return false
      if (byte === BACKSLASH && !this.#escape()) return false
      if (byte === QUOTE) {
        this.#at++
        this.#token = ''
        return true
      }
    }
    return false
  }

  #escape(): boolean {
    const escaped = this.#json[this.#at + 1]
    if (escaped === undefined || ESCAPED.has(escaped)) {
      this.#at++
      return escaped !== undefined
    }
    const code = this.#text.slice(this.#at + 1, this.#at + 6)
    if (/^u[\da-f]{4}$/i.test(code)) {
      this.#at += code.length
      return true
    }
    if (/^u[\da-f]{0,3}$/i.test(code) && this.#at + 6 > this.#json.length)
      this.#at = this.#json.length
    return false
  }

  /** A number, `true`, `false` or `null`. */
  #word(): boolean {
    WORD.lastIndex = this.#at
    const isWord = WORD.test(this.#text)
    const end = isWord ? WORD.lastIndex : this.#at
    if (isWord && (end === this.#json.length || ENDS.has(this.#json[end]!))) {
      this.#at = end
      return true
    }
    let last = end
    while (last < this.#json.length && !ENDS.has(this.#json[last]!)) last++
    if (last === this.#json.length && last > this.#at) {
      this.#token = 'a value'
      this.#at = last
    }
    return false
  }

  #close(): boolean {
    this.#at++
    this.#path.pop()
    return true
  }

  /** The next byte that is no white space. */
  #next(): number | undefined {
    const json = this.#json
    for (; this.#at < json.length; this.#at++) {
      const byte = json[this.#at]!
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte
    }
    return undefined
  }
}
