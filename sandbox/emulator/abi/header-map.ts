import { Printed } from '../printed.ts'

/** A string is sent as UTF-8, bytes as they are: Envoy lets any byte from 0x80 up through in a value. */
export type HeaderValue = string | Uint8Array

/** An object (an array repeats the header), or pairs where order matters. */
export type HeaderInput =
  | Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>
  | readonly (readonly [name: string, value: HeaderValue])[]
  | HeaderMap

/** An ordered multimap with lower-case names, as Envoy keeps headers and trailers. */
export class HeaderMap extends Printed {
  readonly #pairs: [name: string, value: Uint8Array][] = []
  #encoded: Uint8Array | null = null

  static from(input: HeaderInput): HeaderMap {
    if (input instanceof HeaderMap) return input
    const map = new HeaderMap()
    if (isPairs(input)) for (const [name, value] of input) map.add(name, value)
    else {
      for (const [name, values] of Object.entries(input)) {
        for (const value of isList(values) ? values : [values]) map.add(name, value)
      }
    }
    return map
  }

  /** From what a plugin hands to the host; null when it is not in the wire format. */
  static decode(bytes: Uint8Array): HeaderMap | null {
    const map = new HeaderMap()
    if (bytes.length === 0) return map
    if (bytes.length < 4) return null
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const count = view.getUint32(0, true)
    let offset = 4 + count * 8
    if (offset > bytes.length) return null
    for (let index = 0; index < count; index++) {
      const nameEnd = offset + view.getUint32(4 + index * 8, true)
      const valueEnd = nameEnd + 1 + view.getUint32(8 + index * 8, true)
      if (valueEnd >= bytes.length || bytes[nameEnd] !== 0 || bytes[valueEnd] !== 0) return null
      map.add(latin1(bytes.subarray(offset, nameEnd)), bytes.slice(nameEnd + 1, valueEnd))
      offset = valueEnd + 1
    }
    return offset === bytes.length ? map : null
  }

  get size(): number {
    return this.#pairs.length
  }

  /** Bytes of all names and values, as Envoy counts the size of headers. */
  get byteSize(): number {
    return this.#pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  }

  /** At the end; a pseudo-header after the last one of its kind. */
  add(name: string, value: HeaderValue): this {
    const pair: [string, Uint8Array] = [name.toLowerCase(), toBytes(value)]
    if (name.startsWith(':')) {
      const last = this.#pairs.findLastIndex(([other]) => other.startsWith(':'))
      this.#pairs.splice(last + 1, 0, pair)
    } else this.#pairs.push(pair)
    this.#encoded = null
    return this
  }

  /** Like `set`, but in the place of the first that was there. */
  assign(name: string, value: HeaderValue): this {
    const key = name.toLowerCase()
    const pair = this.#pairs.find(([other]) => other === key)
    if (!pair) return this.add(name, value)
    pair[1] = toBytes(value)
    this.#encoded = null
    return this
  }

  set(name: string, value: HeaderValue): this {
    return this.delete(name).add(name, value)
  }

  delete(name: string): this {
    const key = name.toLowerCase()
    for (let index = this.#pairs.length - 1; index >= 0; index--) {
      if (this.#pairs[index]?.[0] === key) this.#pairs.splice(index, 1)
    }
    this.#encoded = null
    return this
  }

  /** The first value, which is all that proxy_get_header_map_value shows. */
  get(name: string): Uint8Array | undefined {
    const key = name.toLowerCase()
    return this.#pairs.find((pair) => pair[0] === key)?.[1]
  }

  text(name: string): string | undefined {
    const value = this.get(name)
    return value && decoder.decode(value)
  }

  /** All values joined by a comma, as the property `request.headers.<name>` shows them. */
  joined(name: string): Uint8Array | undefined {
    const key = name.toLowerCase()
    const values = this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1])
    if (values.length < 2) return values[0]
    return Buffer.concat(values.flatMap((value, index) => (index ? [comma, value] : [value])))
  }

  copy(): HeaderMap {
    return HeaderMap.from(this.#pairs)
  }

  toObject(): Record<string, string> {
    const names = new Set(this.#pairs.map(([name]) => name))
    return Object.fromEntries([...names].map((name) => [name, decoder.decode(this.joined(name))]))
  }

  /** Name and text of each, in order. */
  override toJSON(): [name: string, value: string][] {
    return this.#pairs.map(([name, value]) => [name, decoder.decode(value)])
  }

  [Symbol.iterator](): IterableIterator<[string, Uint8Array]> {
    return this.#pairs[Symbol.iterator]()
  }

  /** The wire format: count, lengths, then name NUL value NUL; an empty map is no bytes at all. */
  encode(): Uint8Array {
    this.#encoded ??= this.#encode()
    return this.#encoded
  }

  #encode(): Uint8Array {
    if (this.#pairs.length === 0) return new Uint8Array(0)
    const head = 4 + this.#pairs.length * 8
    const bytes = Buffer.alloc(head + this.byteSize + this.#pairs.length * 2)
    bytes.writeUInt32LE(this.#pairs.length, 0)
    let offset = head
    for (const [index, [name, value]] of this.#pairs.entries()) {
      bytes.writeUInt32LE(name.length, 4 + index * 8)
      bytes.writeUInt32LE(value.length, 8 + index * 8)
      offset += bytes.write(name, offset, 'latin1') + 1
      bytes.set(value, offset)
      offset += value.length + 1
    }
    return bytes
  }
}

const comma = new Uint8Array([0x2c])
const decoder = new TextDecoder()

export function toBytes(value: HeaderValue): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function isList(value: HeaderValue | readonly HeaderValue[]): value is readonly HeaderValue[] {
  return Array.isArray(value)
}

function isPairs(
  input: Exclude<HeaderInput, HeaderMap>,
): input is readonly (readonly [string, HeaderValue])[] {
  return Array.isArray(input)
}
