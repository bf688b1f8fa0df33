import * as fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import { headerMap, type Pairs } from './support/header-map.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

/** The values of a name, in order. */
function valuesOf(name: string): string[] {
  const values: string[] = []
  let entry = room.withText(name, (at, length) => room.facts.find(at, length))
  expect(room.withText(name, (at, length) => room.facts.findKnown(at, length))).toBe(entry)
  if (entry) expect(room.facts.isFirst(entry)).toBe(1)
  while (entry) {
    values.push(room.spanAt(room.facts.valueOf(entry)))
    entry = room.facts.nextOf(entry)
    if (entry) expect(room.facts.isFirst(entry)).toBe(0)
  }
  return values
}

const names = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 20 })

test('each header is found by its name, with all its values in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, fc.string({ unit: 'grapheme-ascii', maxLength: 5 })), {
        maxLength: 60,
      }),
      names,
      (pairs, other) => {
        room.request(pairs)
        expect(room.facts.count()).toBe(pairs.length)
        for (const name of new Set([...pairs.map(([one]) => one), other])) {
          expect(valuesOf(name)).toEqual(
            pairs.filter(([one]) => one === name).map(([, value]) => value),
          )
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('names of every length are told apart, were it by their last byte', () => {
  for (let length = 1; length < 40; length++) {
    const name = 'n'.repeat(length)
    const pairs: Pairs = Array.from({ length }, (_, i) => [
      `${name.slice(0, i)}x${name.slice(i + 1)}`,
      String(i),
    ])
    room.request([...pairs, [name, 'plain']])
    for (const [one, value] of pairs) expect(valuesOf(one)).toEqual([value])
    expect(valuesOf(name)).toEqual(['plain'])
    expect(valuesOf(`${name}n`)).toEqual([])
    expect(valuesOf(name.slice(1))).toEqual([])
  }
})

test('names that were made to collide are found all the same', () => {
  const many = Array.from({ length: 400 }, (_, i): [string, string] => [
    `collide-${String(i).padStart(4, '0')}-collide`,
    String(i),
  ])
  const pairs: Pairs = [
    ['first', '1'],
    ...many,
    ['collide-0007-collide', 'again'],
    ['last', '2'],
    ['first', '3'],
  ]
  room.request(pairs)

  expect(room.facts.count()).toBe(404)
  // By a hash that the sender knows there would be 80 000.
  expect(room.facts.collisions()).toBeLessThan(1500)
  expect(valuesOf('collide-0007-collide')).toEqual(['7', 'again'])
  for (const [name, value] of many) if (value !== '7') expect(valuesOf(name)).toEqual([value])
  expect([valuesOf('first'), valuesOf('last'), valuesOf('none')]).toEqual([['1', '3'], ['2'], []])
  // The next map is an ordinary one.
  room.request([['a', 'b']])
  expect([valuesOf('a'), valuesOf('first')]).toEqual([['b'], []])
})

test('of a map that is cut off the whole headers are read', () => {
  const pairs: Pairs = [
    ['a', '1'],
    ['bb', ''],
    ['a', '22'],
    ['c', '3'],
  ]
  const whole = headerMap(pairs).length
  const ends = pairs.map(
    (_, i) => whole - headerMap(pairs.slice(i + 1)).length + 4 + (pairs.length - i - 1) * 8,
  )
  for (let cut = 0; cut <= whole; cut++) {
    room.request(pairs, cut)
    expect(room.facts.count(), String(cut)).toBe(ends.filter((end) => end <= cut).length)
  }
  room.request([])
  expect([room.facts.count(), valuesOf('a')]).toEqual([0, []])
})

test('lengths that contradict the size of a map end it', () => {
  for (const wrong of [0xffffffff, 0xfffffff0, 100]) {
    for (const at of [4, 8, 12, 16]) {
      const blob = headerMap([
        ['a', '1'],
        ['b', '2'],
      ])
      blob.writeUInt32LE(wrong, at)
      room.facts.readRequest(room.plugin.place(blob), blob.length)
      expect(room.facts.count()).toBe(at < 12 ? 0 : 1)
    }
    const blob = headerMap([
      ['a', '1'],
      ['b', '2'],
    ])
    blob.writeUInt32LE(wrong, 0)
    room.facts.readRequest(room.plugin.place(blob), blob.length)
    expect(room.facts.count()).toBe(0)
  }
})

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i): [string, string] => [`h${i}`, ''])

test('16384 headers of a map are looked at', () => {
  room.request(numbered(16_384))
  expect([room.facts.count(), valuesOf('h16383')]).toEqual([16_384, ['']])
  room.request([...numbered(16_384), ['more', '']])
  expect([room.facts.count(), valuesOf('more'), valuesOf('h0')]).toEqual([16_384, [], ['']])
})

test('a header may be given another value, longer or shorter', () => {
  room.request([
    ['a', '12345'],
    ['b', '2'],
  ])
  for (const [name, value] of [
    ['a', '123'],
    ['b', '1234'],
    ['a', ''],
  ] as const) {
    const at = room.plugin.place(Buffer.from(value))
    const entry = room.withText(name, (start, length) => room.facts.find(start, length))
    room.facts.replace(entry, at, value.length)
    expect(valuesOf(name)).toEqual([value])
  }
})

test('fields of one connection are not written, each of them', () => {
  const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']
  const all = [...hopByHop, 'te', 'trailer', 'proxy-authenticate', 'connections', 'content-length']
  room.request(all.map((name) => [name, '1']))
  room.facts.leaveOut()
  const masked = all.filter((_, i) => room.facts.isMasked(room.facts.entryAt(i)))
  expect(masked).toEqual(hopByHop)
})
