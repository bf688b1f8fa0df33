import { isIP, isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

const addressOf = (text: string): string | null =>
  room.withText(text, (at, length) => {
    // What stands behind an element is not its own.
    const span = room.facts.address(at, length)
    return span ? room.spanAt(span) : null
  })

/** What a plain element without brackets, quotes or parameters holds. */
function plainAddress(text: string): string | null {
  const trimmed = text.replace(/^[ \t"]+|[ \t"]+$/g, '')
  if (isIP(trimmed)) return trimmed
  const [, host, port] = /^([^:]*):(\d{1,5})$/.exec(trimmed) ?? []
  return host !== undefined && port !== undefined && isIPv4(host) ? host : null
}

test('addresses are told from what is none as Node tells them', () => {
  const group = fc.oneof(
    fc.constantFrom('', '0', '1', 'ffff', 'FfFf', '12345', 'g', '00001', ':'),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), maxLength: 5 }),
  )
  const v4 = fc
    .array(
      fc.oneof(
        fc.constantFrom('', '0', '00', '01', '255', '256', '1000', '9', 'a'),
        fc.nat(300).map(String),
      ),
      { minLength: 3, maxLength: 5 },
    )
    .map((parts) => parts.join('.'))
  const v6 = fc
    .tuple(fc.array(group, { minLength: 1, maxLength: 9 }), fc.option(v4, { freq: 4 }))
    .map(([groups, last]) => [...groups, ...(last === null ? [] : [last])].join(':'))
  const soup = fc.string({ unit: fc.constantFrom(...'012345:.af'), maxLength: 12 })
  const suffix = fc.constantFrom('', '', '', ':80', ':', ':65535', ':123456', ' ', '"', ':8a')
  fc.assert(
    fc.property(
      fc.oneof(v4, v6, soup),
      suffix,
      fc.constantFrom('', '', ' ', '\t"'),
      (text, behind, before) => {
        const whole = before + text + behind
        expect(addressOf(whole), whole).toBe(plainAddress(whole))
      },
    ),
    { numRuns: 2500 },
  )
})

test.each(
  [
    [
      '0.0.0.0',
      '255.255.255.255',
      '1.2.3.4',
      '256.1.1.1',
      '1.2.3',
      '1.2.3.4.5',
      '1..2.3',
      '01.2.3.4',
      '1.2.3.04',
      '0.1.2.3',
      '1.2.3.1234',
      '1.2.3.4a',
    ],
    [
      '::',
      '::1',
      '1::',
      ':::',
      ':',
      '1:2:3:4:5:6:7:8',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::',
      '::2:3:4:5:6:7:8',
      '1:2:3:4:5:6:7:8::',
      '1::2::3',
      ':1',
      '1:',
      '1:2:',
      '::g',
      '12345::',
      'ffff::FFFF',
    ],
    [
      '::1.2.3.4',
      '1:2:3:4:5:6:1.2.3.4',
      '1:2:3:4:5:6:7:1.2.3.4',
      '1:2:3:4:5:1.2.3.4',
      '::1.2.3',
      '::1.2.3.4:5',
      '::ffff:1.2.3.256',
      '1.2.3.4::',
      '::1.2.3.4.',
    ],
  ].flat(),
)('%s is an address where Node says so', (text) => {
  expect(addressOf(text)).toBe(isIP(text) ? text : null)
  expect(addressOf(`[${text}]`)).toBe(isIPv6(text) ? text : null)
  expect(addressOf(`for="[${text}]:443"`)).toBe(isIPv6(text) ? text : null)
  expect(addressOf(`for=${text};proto=https`)).toBe(isIP(text) ? text : null)
})

test.each([
  ['', null],
  ['  ', null],
  ['"', null],
  ['1.2.3.4:1', '1.2.3.4'],
  ['1.2.3.4:65536', '1.2.3.4'],
  ['1.2.3.4:123456', null],
  ['1.2.3.4:', null],
  ['1.2.3.4:8x', null],
  ['1.2.3.4 :80', null],
  ['[::1]', '::1'],
  ['[::1]:8', '::1'],
  ['[::1]:', null],
  ['[::1]:123456', null],
  ['[::1]x', null],
  ['[::1', null],
  ['[1.2.3.4]', null],
  ['[]', null],
  ['"[::1]:80"', '::1'],
  ['for=1.2.3.4', '1.2.3.4'],
  ['For="1.2.3.4:80"', '1.2.3.4'],
  ['FOR=1.2.3.4;by=5.6.7.8', '1.2.3.4'],
  ['by=5.6.7.8;for=1.2.3.4', '1.2.3.4'],
  ['by=5.6.7.8; for=1.2.3.4 ; proto=http', '1.2.3.4'],
  ['proto=http;by=x;host=y;for=::1', '::1'],
  ['by=5.6.7.8', null],
  ['for=', null],
  ['for', null],
  ['by=a;for=', null],
  ['by=a;fo', null],
  ['by=a; ', null],
  ['xfor=1.2.3.4', null],
  ['for=unknown', null],
  ['for=_hidden', null],
  ['for=;for=1.2.3.4', null],
  ['unknown', null],
])('the address in %j is %j', (text, expected) => {
  expect(addressOf(text)).toBe(expected)
})

test('what stands behind an element is none of its own', () => {
  room.withText('1.2.3.45', (at) => expect(room.spanAt(room.facts.address(at, 7))).toBe('1.2.3.4'))
  room.withText('for=1.2.3.4', (at) => expect(room.facts.address(at, 3)).toBe(0))
  room.withText('[::1]', (at) => expect(room.facts.address(at, 4)).toBe(0))
  room.withText('1.2.3.4', (at) => expect(room.facts.address(at, 6)).toBe(0))
  room.withText('::1.', (at) => expect(room.spanAt(room.facts.address(at, 3))).toBe('::1'))
  room.withText('::1:', (at) => expect(room.spanAt(room.facts.address(at, 3))).toBe('::1'))
  room.withText('1:2:3:4:5:6:7:8', (at) => expect(room.facts.address(at, 14)).toBe(0))
})
