import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import { double } from './support/little-endian.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

const textOf = (value: Uint8Array | undefined): string | null => {
  room.properties = value ? { 'a.b': value } : {}
  return room.withText('a\0b', (at, length) => {
    const span = room.facts.text(at, length)
    return span ? room.spanAt(span) : null
  })
}

test('an attribute of Envoy is a text, a boolean or a number', () => {
  expect(textOf(undefined)).toBeNull()
  expect(textOf(Buffer.from(''))).toBeNull()
  for (const text of ['a', ' ', '~', 'some text', '12345678', 'zoë'])
    expect(textOf(Buffer.from(text))).toBe(Buffer.from(text).toString('latin1'))
  expect([textOf(Buffer.from([0])), textOf(Buffer.from([1])), textOf(Buffer.from([2]))]).toEqual([
    'false',
    'true',
    null,
  ])
  for (const bytes of [
    [0x1f],
    [0x7f],
    [0x61, 0x1f],
    [0x61, 0x7f, 0x62],
    [0xc3],
    [0x61, 0xc3],
    [1, 0],
  ])
    expect(textOf(Buffer.from(bytes)), String(bytes)).toBeNull()
  expect(textOf(Buffer.alloc(7))).toBeNull()
  expect(textOf(Buffer.alloc(9))).toBeNull()
})

test.each([
  0, 1, -1, 42, 0.5, -0.25, 1.000001, 123.456, 0.1, 4.35, 1.005, 8.41, 0.000001, 1e15,
  9_007_199_254_740_991, -9_007_199_254_740_991, 10.05, 1.1, 99.999999,
])('the number %d is written as it is', (number) => {
  const text =
    number === 0 ? '0' : String(number).includes('e') ? number.toFixed(6) : String(number)
  expect(textOf(double(number))).toBe(text)
})

test.each([
  1e-7,
  1 / 3,
  9_007_199_254_740_992,
  2 ** 60,
  NaN,
  Infinity,
  -Infinity,
  1.0000001,
  1e300,
])('the number %d is not written', (number) => {
  expect(textOf(double(number))).toBeNull()
})
