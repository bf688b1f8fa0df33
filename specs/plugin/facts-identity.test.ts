import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import type { Pairs } from './support/header-map.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

function authority(pairs: Pairs, destination?: string): string {
  room.request(pairs)
  room.properties =
    destination === undefined ? {} : { 'destination.address': Buffer.from(destination) }
  return room.spanAt(room.facts.authorityOf())
}

test('an exchange is with whom the client asked, without user information, or with the address it came in at', () => {
  expect(
    authority([
      [':authority', 'a.example:80'],
      ['host', 'b'],
    ]),
  ).toBe('a.example:80')
  expect(
    authority([
      [':authority', ''],
      ['host', 'b'],
    ]),
  ).toBe('b')
  expect(authority([['host', 'b']])).toBe('b')
  expect(authority([[':authority', 'user:secret@a']])).toBe('a')
  expect(authority([[':authority', 'u@v@a']])).toBe('a')
  expect(authority([[':authority', '@a']])).toBe('a')
  expect(
    authority(
      [
        [':authority', 'user@'],
        ['host', 'b'],
      ],
      '192.0.2.1:80',
    ),
  ).toBe('192.0.2.1:80')
  expect(authority([], '192.0.2.1:80')).toBe('192.0.2.1:80')
  expect(authority([['host', '']], '[2001:db8::1]:80')).toBe('[2001:db8::1]:80')
  expect(authority([], '/var/run/socket')).toBe('unknown.invalid')
  expect(authority([])).toBe('unknown.invalid')
})

const TRACE = '0af7651916cd43dd8448eb211c80319c'

const PARENT = 'b7ad6b7169203331'

test.each<[value: string, isValid: boolean]>([
  [`00-${TRACE}-${PARENT}-01`, true],
  [`00-${TRACE}-${PARENT}-ff`, true],
  [`cc-${TRACE}-${PARENT}-01`, true],
  [`cc-${TRACE}-${PARENT}-01-more`, true],
  [`fe-${TRACE}-${PARENT}-01-`, true],
  [`00-${TRACE}-${PARENT}-01-more`, false],
  [`cc-${TRACE}-${PARENT}-01more`, false],
  [`ff-${TRACE}-${PARENT}-01`, false],
  [`0g-${TRACE}-${PARENT}-01`, false],
  [`g0-${TRACE}-${PARENT}-01`, false],
  [`0F-${TRACE}-${PARENT}-01`, false],
  [`00-${TRACE}-${PARENT}-0`, false],
  [`00-${TRACE}-${PARENT}-0A`, false],
  [`00-${TRACE}-${PARENT}-g1`, false],
  [`00_${TRACE}-${PARENT}-01`, false],
  [`00-${TRACE}_${PARENT}-01`, false],
  [`00-${TRACE}-${PARENT}_01`, false],
  [`00-${TRACE.toUpperCase()}-${PARENT}-01`, false],
  [`00-${TRACE}-${PARENT.toUpperCase()}-01`, false],
  [`00-g${TRACE.slice(1)}-${PARENT}-01`, false],
  [`00-${TRACE.slice(1)}g-${PARENT}-01`, false],
  [`00-${TRACE}-g${PARENT.slice(1)}-01`, false],
  [`00-${TRACE}-${PARENT.slice(1)}g-01`, false],
  [`00-${'0'.repeat(32)}-${PARENT}-01`, false],
  [`00-${'0'.repeat(31)}1-${PARENT}-01`, true],
  [`00-1${'0'.repeat(31)}-${PARENT}-01`, true],
  [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
  [`00-${TRACE}-${'0'.repeat(15)}1-01`, true],
  [`00-${TRACE}-1${'0'.repeat(15)}-01`, true],
])('%s names a trace: %s', (value, isValid) => {
  room.request([['traceparent', value]])
  const trace = room.spanAt(room.facts.traceOf())
  expect(trace).toBe(isValid ? value.slice(3, 35) : '')
})

test('two headers of a trace name none', () => {
  const value = `00-${TRACE}-${PARENT}-01`
  room.request([
    ['traceparent', value],
    ['traceparent', value],
  ])
  expect(room.spanAt(room.facts.traceOf())).toBe('')
  room.request([])
  expect(room.spanAt(room.facts.traceOf())).toBe('')
})

const identityOf = (option: string) =>
  room.spanAt(room.withText(option, (at, length) => room.facts.identityOf(at, length)))

test('an identity is the first value of its header that is not blank, the response’s if the request has none', () => {
  room.request([
    ['x-user', ' '],
    ['x-user', '\tu1 '],
    ['x-user', 'u2'],
    ['x-blank', ''],
  ])
  room.response([
    ['x-user', 'r1'],
    ['x-blank', 'r2'],
    ['x-other', ' r3'],
  ])

  expect(['x-user', 'x-blank', 'x-other', 'x-none', ''].map(identityOf)).toEqual([
    'u1',
    'r2',
    'r3',
    '',
    '',
  ])
})
