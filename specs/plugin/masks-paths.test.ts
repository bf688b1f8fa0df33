import { beforeAll, expect, test } from 'vitest'
import { MaskRoom } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

test('a path masks what it leads to, and only that', () => {
  const order = {
    card: { number: '4111', name: 'A' },
    number: 7,
    items: [
      { ssn: 1, qty: 2 },
      { ssn: 3, sub: { ssn: 4 } },
    ],
    auth: { token: 'a', deep: [{ token: 'b' }] },
  }

  expect(room.json(order, '$.card.number', '$.items[*].ssn', '$..token')).toEqual({
    card: { number: '*****', name: 'A' },
    number: 7,
    items: [
      { ssn: '*****', qty: 2 },
      { ssn: '*****', sub: { ssn: 4 } },
    ],
    auth: { token: '*****', deep: [{ token: '*****' }] },
  })
  expect(room.json(order, "$['card']")).toMatchObject({ card: '*****', number: 7 })
  expect(room.json(order, '$.items[1].sub')).toMatchObject({
    items: [{ ssn: 1 }, { sub: '*****' }],
  })
  expect(room.json(order, '$.auth.*')).toMatchObject({ auth: { token: '*****', deep: '*****' } })
  expect(room.json(order, '$.auth..*')).toMatchObject({ auth: { token: '*****', deep: '*****' } })
})

test('a path of members goes through arrays, too', () => {
  expect(room.json({ items: [{ ssn: 1 }, [{ ssn: 2 }]] }, '$.items.ssn')).toEqual({
    items: [{ ssn: '*****' }, [{ ssn: '*****' }]],
  })
})

test.each<[text: string, position: number, reason: string]>([
  ['', 0, 'a name is expected'],
  ['$', 1, 'a dot or [ is expected'],
  ['$x', 1, 'a dot or [ is expected'],
  ['$.', 2, 'a name is expected'],
  ['$.a.', 4, 'a name is expected'],
  ['$...a', 3, 'a name is expected'],
  ['$.a[', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[-1]', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[?(@.b)]', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[0:2]', 5, '] is expected'],
  ['$.a[1234567]', 4, 'the number has more than 6 digits'],
  ["$['a", 4, 'the name is not closed by its quote'],
  ["$['a'", 5, '] is expected'],
  ["$['a\\", 5, 'the name is not closed by its quote'],
  ["$['a\\'", 6, 'the name is not closed by its quote'],
  ["$['']", 3, 'a name is expected'],
  ['a\tb', 1, 'this character is not allowed'],
  [`$${'.a'.repeat(256)}`, 513, 'all paths together have more than 255 parts'],
])('%j is no mask, and why', (text, position, reason) => {
  room.plugin.exports.clearMasks()
  expect(room.addMask(text)).toBe(0)

  const said = room.plugin.span(room.plugin.exports.errorReason()).toString()
  expect([room.plugin.exports.errorPosition(), said]).toEqual([position, reason])
})

test.each<[path: string, expected: unknown]>([
  ["$['a.b']", { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$["a.b"]', { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.a\\.b', { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ["$.a['it\\'s']", { 'a.b': 1, a: { b: 2, "it's": '*****', '*': 4 }, list: [5, [6]] }],
  ['$.a.\\*', { 'a.b': 1, a: { b: 2, "it's": 3, '*': '*****' }, list: [5, [6]] }],
  ["$..['it\\'s']", { 'a.b': 1, a: { b: 2, "it's": '*****', '*': 4 }, list: [5, [6]] }],
  ['$.list[0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', [6]] }],
  ['$.list[000001]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, '*****'] }],
  ['$.list..[0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', ['*****']] }],
  ['$.list[1][0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, ['*****']] }],
  ['$.list[*]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', '*****'] }],
  ['$.list[10]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.list[999999]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.*', { 'a.b': '*****', a: '*****', list: '*****' }],
  ['$.A.B', { 'a.b': 1, a: { b: '*****', "it's": 3, '*': 4 }, list: [5, [6]] }],
])('the path %s masks what it leads to', (path, expected) => {
  const value = { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }
  expect(room.json(value, path)).toEqual(expected)
})

test('a backslash at the end stands for itself', () => {
  expect(room.json({ 'a\\': 1, a: 2 }, '$.a\\')).toEqual({ 'a\\': '*****', a: 2 })
})

test('the eleventh element is the eleventh', () => {
  const list = Array.from({ length: 13 }, (_, i) => i)
  expect(room.json(list, '$[11]')).toEqual(list.map((i) => (i === 11 ? '*****' : i)))
  expect(room.json([list, list], '$[1][12]')).toEqual([
    list,
    list.map((i) => (i === 12 ? '*****' : i)),
  ])
})

const membersDeep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

const pathOfLength = (depth: number) => `$${'.a'.repeat(depth)}`

test('all paths together have 255 parts at most', () => {
  expect(room.mask(room.plugin.exports.json, membersDeep(255), [pathOfLength(255)])).toBe(
    membersDeep(255).replace('1', '"*****"'),
  )
  expect(
    room.mask(room.plugin.exports.json, membersDeep(128), [pathOfLength(100), pathOfLength(155)]),
  ).toBe(membersDeep(100).replace('1', '"*****"'))
  room.plugin.exports.clearMasks()
  const add = (text: string) => {
    return room.addMask(text)
  }
  expect([add(pathOfLength(100)), add(pathOfLength(155)), add('token'), add('$.b')]).toEqual([
    1, 1, 1, 0,
  ])
})
