import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { BitWriter } from './support/bit-writer.ts'
import { fixedBlock, storedBlock } from './support/deflate-blocks.ts'
import { BROKEN, DEFLATE, GZIP, InflateRoom, MOST, TOO_LONG } from './support/inflate.ts'

let room: InflateRoom
beforeAll(async () => {
  room = await InflateRoom.open()
})

/** Bytes in which nothing is found twice. */
function noise(length: number): Buffer {
  let state = 1
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 24
    }),
  )
}

test('a piece is repeated in each length', () => {
  const first = noise(300)
  for (let length = 3; length <= 258; length++) {
    const content = Buffer.concat([first, first.subarray(20, 20 + length), Buffer.from('end')])
    expect(room.decompress(deflateSync(content, { level: 9 })), String(length)).toEqual(content)
  }
})

test('a piece is repeated over each distance', () => {
  const all = noise(33_000)
  const edges = Array.from({ length: 15 }, (_, i) => [2 ** i, 1.5 * 2 ** i]).flat()
  for (const edge of edges.flatMap((base) => [base - 1, base, base + 1, base + 2])) {
    if (edge < 1 || edge > 32_768) continue
    const content = Buffer.concat([all.subarray(0, edge), all.subarray(0, Math.min(edge, 40))])
    const long = Buffer.concat([content, content.subarray(-edge), content.subarray(-edge)])
    for (const bytes of [content, long]) {
      expect(room.decompress(deflateSync(bytes, { level: 9 })), String(edge)).toEqual(bytes)
    }
  }
})

test('each symbol of the fixed code is what it is for zlib', () => {
  const first = Array.from({ length: 256 }, (_, byte): [number] => [byte])
  for (let symbol = 257; symbol < 288; symbol++) {
    for (const distance of symbol < 260 ? [...Array(32).keys()] : [0, 14]) {
      const block = fixedBlock([...first, ...first, [symbol, distance], [65], [256]])
      room.expectAsZlib(block.bytes(), `${symbol} ${distance}`)
    }
  }
})

test('a repeat from before the beginning is broken, from the beginning itself it is not', () => {
  for (const distance of [0, 1, 2, 3, 4]) {
    for (let length = 0; length < 7; length++) {
      const first = Array.from({ length }, (_, i): [number] => [65 + i])
      room.expectAsZlib(
        fixedBlock([...first, [258, distance], [256]]).bytes(),
        `${length} ${distance}`,
      )
    }
  }
})

test('blocks of all kinds follow each other, and a kind that there is none of is broken', () => {
  const fixed = Buffer.concat([
    fixedBlock([[72], [256]], 0)
      .number(0, 3)
      .align()
      .number(0, 16)
      .number(0xffff, 16)
      .bytes(),
  ])
  room.expectAsZlib(
    Buffer.concat([fixed, storedBlock('ello', 0), storedBlock('', 0), storedBlock('!', 1)]),
    'stored',
  )
  room.expectAsZlib(
    Buffer.concat([fixed, storedBlock('ello', 1, 0xfffe)]),
    'a length that contradicts itself',
  )
  room.expectAsZlib(
    Buffer.concat([storedBlock('x'.repeat(65_535), 0), storedBlock('y', 1)]),
    'the longest',
  )
  room.expectAsZlib(
    new BitWriter().number(1, 1).number(3, 2).number(0, 13).bytes(),
    'the fourth kind',
  )
  room.expectAsZlib(
    Buffer.concat([storedBlock('a', 0), new BitWriter().number(7, 3).bytes()]),
    'later',
  )
  for (const end of [1, 2, 3, 4, 5, 6, 7, 8, 9])
    room.expectAsZlib(storedBlock('abcd', 1).subarray(0, end), String(end))
  const endsEarly = new BitWriter()
    .number(0, 1)
    .number(0, 2)
    .align()
    .number(3, 16)
    .number(0xfffc, 16)
  expect(
    room.decompress(Buffer.concat([endsEarly.bytes(), Buffer.from('ab')]), {
      behind: Buffer.from('c'.repeat(16)),
    }),
  ).toBe(BROKEN)
})

test('a stored block that claims more than there is reads no memory that there is not', () => {
  const claim = new BitWriter().number(1, 1).number(0, 2).align().number(60_000, 16)
  const block = claim.number(60_000 ^ 0xffff, 16).bytes()
  const start = room.plugin.memoryBytes - block.length - 16
  const before = room.plugin.read(start, block.length)
  room.plugin.write(start, block)
  const result = room.plugin.exports.decompress(DEFLATE, start, block.length, room.output, MOST)
  room.plugin.write(start, before)

  expect(result).toBe(BROKEN)
})

test('two bytes are a header of zlib when they are one in RFC 1950, and only without a dictionary', () => {
  const body = deflateRawSync('hello')
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const isHeader = (first & 15) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0
      if (!isHeader && second % 37 !== first % 37) continue
      const isRead = isHeader && (second & 32) === 0
      const result = room.decompress(Buffer.concat([Buffer.from([first, second]), body]))
      if (isHeader && !isRead) expect(result).toBe(BROKEN)
      else expect(String(result) === 'hello', `${first} ${second}`).toBe(isRead)
    }
  }
  expect(room.decompress(Buffer.from([]))).toBe(BROKEN)
  expect(room.decompress(Buffer.from([3]), { behind: Buffer.alloc(16) })).toBe(BROKEN)
  expect(room.decompress(Buffer.from([3, 0]))).toEqual(Buffer.alloc(0))
})

test('a member of gzip begins with its four fixed bytes, and no flag of the future', () => {
  const plain = gzipSync('hello')
  const changed = (at: number, byte: number) => {
    const bytes = Buffer.from(plain)
    bytes[at] = byte
    return room.decompress(bytes, { compression: GZIP })
  }
  for (const [at, own] of [0x1f, 0x8b, 8].entries()) {
    for (const byte of [own - 1, own + 1, 0, 255]) expect(changed(at, byte)).toBe(BROKEN)
  }
  for (const flag of [32, 64, 128]) expect(changed(3, flag)).toBe(BROKEN)
  for (const at of [4, 5, 6, 7, 8, 9]) expect(changed(at, 77)).toEqual(Buffer.from('hello'))
  expect(changed(3, 1)).toEqual(Buffer.from('hello'))
})

test('members of gzip of any content follow each other', () => {
  const parts = Array.from({ length: 40 }, (_, i) =>
    noise(i * 3)
      .toString('hex')
      .slice(0, i * 5),
  )
  const whole = Buffer.concat(parts.map((part, i) => gzipSync(part, { level: i % 10 })))
  expect(room.decompress(whole, { compression: GZIP })).toEqual(Buffer.from(parts.join('')))

  const member = gzipSync('one')
  const behindOne = (bytes: number[], behind: number[] = []) =>
    room.decompress(Buffer.concat([member, Buffer.from(bytes)]), {
      compression: GZIP,
      behind: Buffer.from([...behind, ...Array(16).fill(0)]),
    })
  for (const bytes of [[0x1f], [0x8b, 0x1f], [0x1f, 0x8a, 8], [0, 0x1f, 0x8b]]) {
    expect(behindOne(bytes)).toEqual(Buffer.from('one'))
  }
  expect(behindOne([0x1f], [0x8b, 8])).toEqual(Buffer.from('one'))
  expect(behindOne([], [...gzipSync('two')])).toEqual(Buffer.from('one'))
  expect(behindOne([0x1f, 0x8b])).toBe(BROKEN)
})

test('a body may grow to 64 KiB, or to 256 times its length', () => {
  const zeros = (length: number, compressed = 0) => {
    const stream = deflateRawSync(Buffer.alloc(length), { level: 9 })
    const rest = Buffer.alloc(Math.max(0, compressed - stream.length))
    return room.decompress(Buffer.concat([stream, rest]))
  }
  expect(zeros(65_536)).toHaveLength(65_536)
  expect(zeros(65_537)).toBe(TOO_LONG)
  expect(zeros(256 * 300, 300)).toHaveLength(256 * 300)
  expect(zeros(256 * 300 + 1, 300)).toBe(TOO_LONG)
  expect(room.decompress(deflateRawSync(Buffer.alloc(100)), { limit: 99 })).toBe(TOO_LONG)
})

test('a body of 64 KiB that is cut off is broken, whatever stands behind it', () => {
  for (const behind of [0x00, 0x55, 0xa5, 0xff].map((byte) => Buffer.alloc(16, byte))) {
    for (const windowBits of [9, 15]) {
      const stream = deflateRawSync(Buffer.from('abcdefghij'.repeat(6_554)).subarray(0, 65_536), {
        windowBits,
      })
      for (let end = stream.length - 40; end < stream.length; end++)
        expect(room.decompress(stream.subarray(0, end), { behind }), `cut at ${end}`).toBe(BROKEN)
    }
  }
})

test('what a stream needs of memory is given back', () => {
  const stream = gzipSync('hello')
  const use = () => void room.decompress(stream, { compression: GZIP })
  expect(room.plugin.leakOf(use)).toBe(0)
})
