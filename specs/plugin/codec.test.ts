import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

type Decoder = (start: number, length: number, to: number) => number
interface Exports {
  sha256(start: number, length: number, to: number): void
  decodeBase64: Decoder
  decodePercent: Decoder
}

let plugin: Room<Exports>
beforeAll(async () => {
  plugin = await Room.compile<Exports>('bytes')
})

/** What a function writes of the bytes, -1 when it refuses them. */
function call(decoder: Decoder, bytes: Uint8Array): string | number {
  const start = plugin.place(bytes)
  const to = plugin.allocate(bytes.length)
  const length = decoder(start, bytes.length, to)
  const out = length < 0 ? length : plugin.read(to, length).toString('latin1')
  plugin.release(start, to)
  return out
}

function sha256(bytes: Uint8Array): string {
  const start = plugin.place(bytes)
  const to = plugin.allocate(80)
  plugin.write(to, Buffer.alloc(80, '.'))
  plugin.exports.sha256(start, bytes.length, to)
  const hash = plugin.read(to, 64).toString()
  expect(plugin.read(to + 64, 16).toString()).toBe('.'.repeat(16))
  plugin.release(start, to)
  return hash
}

test('the SHA-256 of bytes of any length is that of node:crypto', () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 31 + length) & 255))
    expect(sha256(bytes), `${length} bytes`).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
  const long = Buffer.alloc(100_003, 'moesif')
  expect(sha256(long)).toBe(createHash('sha256').update(long).digest('hex'))
})

test('base64 and base64url, with padding or without, give the bytes they were made of', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const whole = Buffer.from(bytes)
      const padded = whole.toString('base64')
      for (const text of [padded, padded.replace(/=+$/, ''), whole.toString('base64url')]) {
        expect(call(plugin.exports.decodeBase64, Buffer.from(text))).toBe(whole.toString('latin1'))
      }
    }),
  )
})

test.each(['a', 'ab!d', 'ab c', 'abcde', 'a=bc', '====', '\u00e9abc', 'ab\0d'])(
  '%j is no base64',
  (text) => {
    expect(call(plugin.exports.decodeBase64, Buffer.from(text, 'latin1'))).toBe(-1)
  },
)

const asBytes = (text: string) =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

test('percent-encoded bytes are decoded, and what only looks like one stays', () => {
  const piece = fc.oneof(
    fc.constantFrom('%', '%4', '%41', '%e9', '%ZZ', '%2', '+', '%25'),
    fc.string({ maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = Buffer.from(pieces.join('')).toString('latin1')
      expect(call(plugin.exports.decodePercent, Buffer.from(text, 'latin1'))).toBe(
        asBytes(text.replaceAll('+', ' ')),
      )
    }),
    { numRuns: 500 },
  )
})
