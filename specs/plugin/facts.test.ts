import { isIP, isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

interface Exports {
  allocateForHost(size: number): number
  readRequest(start: number, length: number): void
  readResponse(start: number, length: number): void
  count(): number
  bytesOfHeaders(): number
  entryAt(index: number): number
  find(start: number, length: number): number
  findKnown(start: number, length: number): number
  valueOf(entry: number): number
  nextOf(entry: number): number
  isFirst(entry: number): number
  isMasked(entry: number): number
  replace(entry: number, value: number, length: number): void
  leaveOut(): void
  address(start: number, length: number): number
  text(start: number, length: number): number
  authorityOf(): number
  traceOf(): number
  identityOf(start: number, length: number): number
  kindOfBody(most: number): number
  asks(): number
  switched(asked: number, status: number): number
  status(): number
  begin(): void
  isOutgoing(route: bigint, now: bigint): number
  routeName(): number
  clusterName(): number
  fingerprint(route: number, routeLength: number, cluster: number, length: number): bigint
  startOf(arrived: bigint, now: bigint): bigint
  askOutcome(status: number, whole: number, logged: number): void
  details(): number
  flags(): bigint
  grpcStatus(): bigint
  random64(): bigint
  randomBelow(limit: number): number
  keyedHash(start: number, length: number): number
}

let plugin: Room<Exports>
let facts: Exports
/** What the host has by path, and how often each was asked for. */
let properties: Record<string, Uint8Array>
let asked: string[]
let seed: Buffer
let unixNs: bigint

beforeEach(async () => {
  properties = {}
  asked = []
  seed = Buffer.alloc(32)
  unixNs = 0n
  plugin = await Room.compile<Exports>('facts', {
    proxy_get_property: (path: number, length: number, start: number, size: number) => {
      const name = plugin.read(path, length).toString().replaceAll('\0', '.')
      asked.push(name)
      const value = properties[name]
      if (!value) return 1
      const at = facts.allocateForHost(value.length)
      plugin.write(at, value)
      plugin.write(start, uint32(at))
      plugin.write(size, uint32(value.length))
      return 0
    },
    random_get: (at: number, length: number) => {
      plugin.write(at, seed.subarray(0, length))
      return 0
    },
    proxy_get_current_time_nanoseconds: (at: number) => {
      plugin.write(at, uint64(unixNs))
      return 0
    },
  })
  facts = plugin.exports
})

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return bytes
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

const spanAt = (at: number) => {
  const span = plugin.read(at, 8)
  return plugin.read(span.readUInt32LE(0), span.readUInt32LE(4)).toString('latin1')
}

function withText<Result>(text: string, use: (at: number, length: number) => Result): Result {
  const bytes = Buffer.from(text, 'latin1')
  const at = plugin.place(bytes)
  const result = use(at, bytes.length)
  plugin.release(at)
  return result
}

type Pairs = [name: string, value: string][]

/** As the host gives a map. */
function blobOf(pairs: Pairs): Buffer {
  return Buffer.concat([
    uint32(pairs.length),
    ...pairs.flatMap(([name, value]) => [uint32(name.length), uint32(value.length)]),
    ...pairs.map(([name, value]) => Buffer.from(`${name}\0${value}\0`, 'latin1')),
  ])
}

function request(pairs: Pairs, cut?: number): void {
  const blob = blobOf(pairs)
  facts.readRequest(plugin.place(blob), cut ?? blob.length)
}

function response(pairs: Pairs): void {
  const blob = blobOf(pairs)
  facts.readResponse(plugin.place(blob), blob.length)
}

/** The values of a name, in order. */
function valuesOf(name: string): string[] {
  const values: string[] = []
  let entry = withText(name, (at, length) => facts.find(at, length))
  expect(withText(name, (at, length) => facts.findKnown(at, length))).toBe(entry)
  if (entry) expect(facts.isFirst(entry)).toBe(1)
  while (entry) {
    values.push(spanAt(facts.valueOf(entry)))
    entry = facts.nextOf(entry)
    if (entry) expect(facts.isFirst(entry)).toBe(0)
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
        request(pairs)
        expect(facts.count()).toBe(pairs.length)
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
    request([...pairs, [name, 'plain']])
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
  request(pairs)

  expect(facts.count()).toBe(404)
  expect(valuesOf('collide-0007-collide')).toEqual(['7', 'again'])
  for (const [name, value] of many) if (value !== '7') expect(valuesOf(name)).toEqual([value])
  expect([valuesOf('first'), valuesOf('last'), valuesOf('none')]).toEqual([['1', '3'], ['2'], []])
  // The next map is an ordinary one.
  request([['a', 'b']])
  expect([valuesOf('a'), valuesOf('first')]).toEqual([['b'], []])
})

test('of a map that is cut off the whole headers are read', () => {
  const pairs: Pairs = [
    ['a', '1'],
    ['bb', ''],
    ['a', '22'],
    ['c', '3'],
  ]
  const whole = blobOf(pairs).length
  const ends = pairs.map(
    (_, i) => whole - blobOf(pairs.slice(i + 1)).length + 4 + (pairs.length - i - 1) * 8,
  )
  for (let cut = 0; cut <= whole; cut++) {
    request(pairs, cut)
    expect(facts.count(), String(cut)).toBe(ends.filter((end) => end <= cut).length)
    expect(facts.bytesOfHeaders()).toBe(cut < 4 + 4 * 8 ? 0 : cut)
  }
  request([])
  expect([facts.count(), valuesOf('a')]).toEqual([0, []])
})

test('lengths that contradict the size of a map end it', () => {
  for (const wrong of [0xffffffff, 0xfffffff0, 100]) {
    for (const at of [4, 8, 12, 16]) {
      const blob = blobOf([
        ['a', '1'],
        ['b', '2'],
      ])
      blob.writeUInt32LE(wrong, at)
      facts.readRequest(plugin.place(blob), blob.length)
      expect(facts.count()).toBe(at < 12 ? 0 : 1)
    }
    const blob = blobOf([
      ['a', '1'],
      ['b', '2'],
    ])
    blob.writeUInt32LE(wrong, 0)
    facts.readRequest(plugin.place(blob), blob.length)
    expect(facts.count()).toBe(0)
  }
})

const numbered = (count: number) =>
  Array.from({ length: count }, (_, i): [string, string] => [`h${i}`, ''])

test('16384 headers of a map are looked at', () => {
  request(numbered(16_384))
  expect([facts.count(), valuesOf('h16383')]).toEqual([16_384, ['']])
  request([...numbered(16_384), ['more', '']])
  expect([facts.count(), valuesOf('more'), valuesOf('h0')]).toEqual([16_384, [], ['']])
})

test('a header may be given another value, whose length counts where it is longer', () => {
  request([
    ['a', '12345'],
    ['b', '2'],
  ])
  const before = facts.bytesOfHeaders()
  const replace = (name: string, value: string) => {
    const at = plugin.place(Buffer.from(value))
    facts.replace(
      withText(name, (start, length) => facts.find(start, length)),
      at,
      value.length,
    )
    expect(valuesOf(name)).toEqual([value])
    return facts.bytesOfHeaders() - before
  }
  expect(replace('a', '123')).toBe(0)
  expect(replace('b', '1234')).toBe(3)
  expect(replace('a', '')).toBe(3)
})

test('fields of one connection are not written, each of them', () => {
  const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']
  const all = [...hopByHop, 'te', 'trailer', 'proxy-authenticate', 'connections', 'content-length']
  request(all.map((name) => [name, '1']))
  facts.leaveOut()
  const masked = all.filter((_, i) => facts.isMasked(facts.entryAt(i)))
  expect(masked).toEqual(hopByHop)
})

const addressOf = (text: string): string | null =>
  withText(text, (at, length) => {
    // What stands behind an element is not its own.
    const span = facts.address(at, length)
    return span ? spanAt(span) : null
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
  withText('1.2.3.45', (at) => expect(spanAt(facts.address(at, 7))).toBe('1.2.3.4'))
  withText('for=1.2.3.4', (at) => expect(facts.address(at, 3)).toBe(0))
  withText('[::1]', (at) => expect(facts.address(at, 4)).toBe(0))
  withText('1.2.3.4', (at) => expect(facts.address(at, 6)).toBe(0))
  withText('::1:', (at) => expect(spanAt(facts.address(at, 3))).toBe('::1'))
  withText('1:2:3:4:5:6:7:8', (at) => expect(facts.address(at, 14)).toBe(0))
})

const textOf = (value: Uint8Array | undefined): string | null => {
  properties = value ? { 'a.b': value } : {}
  return withText('a\0b', (at, length) => {
    const span = facts.text(at, length)
    return span ? spanAt(span) : null
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

function authority(pairs: Pairs, destination?: string): string {
  request(pairs)
  properties = destination === undefined ? {} : { 'destination.address': Buffer.from(destination) }
  return spanAt(facts.authorityOf())
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
  request([['traceparent', value]])
  const trace = spanAt(facts.traceOf())
  expect(trace).toBe(isValid ? value.slice(3, 35) : '')
})

test('two headers of a trace name none', () => {
  const value = `00-${TRACE}-${PARENT}-01`
  request([
    ['traceparent', value],
    ['traceparent', value],
  ])
  expect(spanAt(facts.traceOf())).toBe('')
  request([])
  expect(spanAt(facts.traceOf())).toBe('')
})

const identityOf = (option: string) =>
  spanAt(withText(option, (at, length) => facts.identityOf(at, length)))

test('an identity is the first value of its header that is not blank, the response’s if the request has none', () => {
  request([
    ['x-user', ' '],
    ['x-user', '\tu1 '],
    ['x-user', 'u2'],
    ['x-blank', ''],
  ])
  response([
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

const OPAQUE = 0
const JSON_BODY = 1
const GRAPHQL = 2
test.each<[headers: Pairs, kind: number]>([
  [[], JSON_BODY],
  [[['content-type', 'application/json']], JSON_BODY],
  [[['content-type', 'application/JSON; charset=x']], JSON_BODY],
  [[['content-type', 'text/problem+json;a=graphql']], JSON_BODY],
  [[['content-type', 'jso']], OPAQUE],
  [[['content-type', 'text/plain;json']], OPAQUE],
  [[['content-type', 'jsojson']], JSON_BODY],
  [[['content-type', 'application/graphql']], GRAPHQL],
  [[['content-type', ' Application/GraphQL ; x=y']], GRAPHQL],
  [[['content-type', 'application/graphqls']], OPAQUE],
  [[['content-type', 'application/graphql+json']], JSON_BODY],
  [[['content-encoding', 'gzip']], OPAQUE],
  [[['content-encoding', 'identity']], JSON_BODY],
  [[['content-encoding', ' ']], JSON_BODY],
  [[['content-length', '1000']], JSON_BODY],
  [[['content-length', '1001']], OPAQUE],
  [[['content-length', '00001000']], JSON_BODY],
  [[['content-length', '18446744073709551617']], OPAQUE],
  [[['content-length', '999']], JSON_BODY],
  [
    [
      ['content-length', '2000'],
      ['content-type', 'application/graphql'],
    ],
    OPAQUE,
  ],
])('a request with %j has a body of kind %d', (headers, kind) => {
  request(headers)
  expect(facts.kindOfBody(1000)).toBe(kind)
})

test.each<[headers: Pairs, asks: boolean]>([
  [[], false],
  [[[':method', 'CONNECT']], true],
  [[[':method', 'GET']], false],
  [[[':method', 'CONNECTS']], false],
  [[['upgrade', 'websocket']], false],
  [[['connection', 'upgrade']], false],
  [
    [
      ['upgrade', 'websocket'],
      ['connection', 'Upgrade'],
    ],
    true,
  ],
  [
    [
      ['upgrade', 'websocket'],
      ['connection', 'close'],
    ],
    false,
  ],
  [
    [
      ['upgrade', 'h2c'],
      ['connection', 'keep-alive'],
      ['connection', 'x, upgrade'],
    ],
    true,
  ],
])('a request with %j asks for another protocol: %s', (headers, asks) => {
  request(headers)
  expect(Boolean(facts.asks())).toBe(asks)
})

test.each<[asked: boolean, status: number, length: string | null, switched: boolean]>([
  [false, 101, null, true],
  [true, 101, '5', true],
  [false, 200, null, false],
  [true, 199, null, false],
  [true, 200, null, true],
  [true, 299, null, true],
  [true, 300, null, false],
  [true, 200, '0', true],
  [true, 200, '1', false],
  [true, 200, '00', false],
  [true, 200, '', false],
  [true, 404, null, false],
])(
  'asked %s, answered %d with a length of %j: another protocol is %s',
  (asksFor, status, length, isOther) => {
    response(length === null ? [] : [['content-length', length]])
    expect(Boolean(facts.switched(Number(asksFor), status))).toBe(isOther)
  },
)

test.each<[header: string | null, property: bigint | null, status: number]>([
  ['200', null, 200],
  ['100', 503n, 100],
  ['999', null, 999],
  ['099', null, 0],
  ['099', 503n, 503],
  ['2000', 503n, 503],
  ['20', null, 0],
  ['2x0', 503n, 503],
  ['', 404n, 404],
  [null, null, 0],
  [null, 100n, 100],
  [null, 99n, 0],
  [null, 999n, 999],
  [null, 1000n, 0],
  [null, 0n, 0],
  [null, -1n, 0],
  [null, 2n ** 32n + 200n, 0],
])('a response with :status %j and a code of %s has the status %d', (header, property, status) => {
  if (property !== null) properties = { 'response.code': uint64(property) }
  response(header === null ? [] : [[':status', header]])
  if (header !== '2x0') expect(facts.status()).toBe(status)
})

test('where Envoy’s own start is the moment of the callback, it is asked for one exchange in 16', () => {
  properties = { 'request.time': uint64(1_000_000_999_999n) }
  for (let i = 0; i < 40; i++) expect(facts.startOf(1_000_000n, 2_000_000n)).toBe(1_000_000n)
  expect(asked).toHaveLength(3)
  // Of an exchange that did not come through a callback it is always asked.
  expect(facts.startOf(0n, 2_000_000n)).toBe(1_000_000n)
  expect(asked).toHaveLength(4)
})

test.each([
  [999_999n, false],
  [1_000_001n, false],
  [999_998n, true],
  [1_000_002n, true],
])('a start at %d ms instead of 1000000 is looked at more closely: %s', (startMs, closer) => {
  properties = { 'request.time': uint64(startMs * 1_000_000n) }
  expect(facts.startOf(1_000_000n, 2_000_000n)).toBe(startMs)
  expect(facts.startOf(1_000_000n, 2_000_000n)).toBe(closer ? startMs : 1_000_000n)
})

test('after a start that differed it is asked 1024 times, again from each that differs', () => {
  const same = uint64(1_000_000n * 1_000_000n)
  properties = { 'request.time': uint64(500_000n * 1_000_000n) }
  expect(facts.startOf(1_000_000n, 0n)).toBe(500_000n)
  properties = { 'request.time': same }
  for (let i = 0; i < 1024; i++) facts.startOf(1_000_000n, 0n)
  expect(asked).toHaveLength(1025)
  for (let i = 0; i < 15; i++) facts.startOf(1_000_000n, 0n)
  expect(asked).toHaveLength(1025)
  facts.startOf(1_000_000n, 0n)
  expect(asked).toHaveLength(1026)
})

test('without Envoy’s start it is when the headers came, or now', () => {
  expect(facts.startOf(1000n, 2000n)).toBe(1000n)
  expect(facts.startOf(0n, 2000n)).toBe(2000n)
  properties = { 'request.time': uint64(0n) }
  expect(facts.startOf(0n, 3000n)).toBe(3000n)
  properties = { 'request.time': uint64(-1n) }
  expect(facts.startOf(0n, 3000n)).toBe(3000n)
  properties = { 'request.time': uint64(1_000_000n) }
  expect(facts.startOf(0n, 3000n)).toBe(1n)
})

const askRoute = () => [spanAt(facts.routeName()), spanAt(facts.clusterName())]

test('names of routes are asked for once in 16 while none has one, and always from then on', () => {
  properties = { 'xds.cluster_name': Buffer.from('c') }
  for (let i = 0; i < 33; i++) expect(askRoute()).toEqual(['', 'c'])
  expect(asked.filter((name) => name === 'xds.route_name')).toHaveLength(3)
  properties = { 'xds.route_name': Buffer.from('r') }
  for (let i = 0; i < 15; i++) expect(askRoute()).toEqual(['', ''])
  for (let i = 0; i < 5; i++) expect(askRoute()).toEqual(['r', ''])
  properties = {}
  expect(askRoute()).toEqual(['', ''])
  properties = { 'xds.route_name': Buffer.from('s') }
  expect(askRoute()).toEqual(['s', ''])
})

test('a route and its cluster have a number of their own, none without a cluster', () => {
  const fingerprint = (route: string, cluster: string) =>
    withText(route, (at, length) =>
      withText(cluster, (other, size) => facts.fingerprint(at, length, other, size)),
    )
  const texts = [
    '',
    'a',
    'b',
    'ab',
    'route-1',
    'route-12',
    'route-123',
    'route-1234',
    'route-12345678',
    'route-12345679',
    'xoute-12345679',
  ]
  const seen = new Set<bigint>()
  for (const route of texts) {
    expect(fingerprint(route, '')).toBe(0n)
    for (const cluster of texts.slice(1)) {
      const number = fingerprint(route, cluster)
      expect(number & 1n).toBe(1n)
      expect(fingerprint(route, cluster)).toBe(number)
      seen.add(number)
    }
  }
  expect(seen.size).toBe(texts.length * (texts.length - 1))
  withText('abcdefgh1', (at) =>
    withText('abcdefgh2', (other) => {
      expect(facts.fingerprint(at, 8, at, 8)).toBe(facts.fingerprint(other, 8, other, 8))
      expect(facts.fingerprint(at, 9, at, 8)).not.toBe(facts.fingerprint(other, 9, at, 8))
    }),
  )
})

const node = (id: string, direction = 2n) => ({
  'xds.node.id': Buffer.from(id),
  'xds.listener_direction': uint64(direction),
})

test('an answer of a listener holds a second for a route, and each route has its own', () => {
  const [one, other] = [5n << 32n, 6n << 32n]
  properties = node('envoy')
  expect(facts.isOutgoing(one, 10_000n)).toBe(1)
  properties = node('envoy', 1n)
  expect(facts.isOutgoing(one, 10_999n)).toBe(1)
  expect(facts.isOutgoing(other, 10_999n)).toBe(0)
  expect(facts.isOutgoing(one, 11_000n)).toBe(0)
  properties = node('envoy')
  expect(facts.isOutgoing(other, 11_998n)).toBe(0)
  expect(facts.isOutgoing(other, 11_999n)).toBe(1)
  // Two routes in one place: the number decides.
  properties = node('envoy', 1n)
  expect(facts.isOutgoing((5n + 64n) << 32n, 11_500n)).toBe(0)
  expect(facts.isOutgoing(one, 11_500n)).toBe(0)
  properties = node('envoy')
  expect(facts.isOutgoing(one | 1n, 11_500n)).toBe(1)
})

test('64 routes are remembered at a time', () => {
  properties = node('envoy')
  for (let route = 0n; route < 64n; route++) facts.isOutgoing((route << 32n) | 1n, 1000n)
  const before = asked.length
  for (let route = 0n; route < 64n; route++) facts.isOutgoing((route << 32n) | 1n, 1100n)
  expect(asked).toHaveLength(before)
})

test('without a cluster a listener is asked each time', () => {
  properties = node('envoy')
  expect(facts.isOutgoing(0n, 0n)).toBe(1)
  properties = node('envoy', 1n)
  expect(facts.isOutgoing(0n, 0n)).toBe(0)
})

test.each<[id: string, outgoing: boolean, asksEachTime: boolean]>([
  ['router~10.0.0.1~x', false, false],
  ['router~', false, false],
  ['router', true, false],
  ['sidecar~10.0.0.1~x', true, true],
  ['sidecar', true, false],
  ['sidecars~', true, false],
  ['', true, false],
])('a node named %j goes out: %s', (id, outgoing, asksEachTime) => {
  properties = node(id)
  for (let i = 0; i < 3; i++) expect(Boolean(facts.isOutgoing(1n << 40n, 100n))).toBe(outgoing)
  expect(asked.filter((name) => name === 'xds.node.id')).toHaveLength(1)
  const times = asked.filter((name) => name === 'xds.listener_direction')
  expect(times).toHaveLength(outgoing ? (asksEachTime ? 3 : 1) : 0)
})

function useRoute(): void {
  facts.readRequest(0, 0)
  facts.isOutgoing(1n << 33n, 5n)
  facts.begin()
}

test('what is remembered of routes is given back', () => {
  properties = node('envoy')
  useRoute()
  const before = plugin.memoryBytes
  for (let i = 0; i < 4000; i++) useRoute()
  expect(plugin.memoryBytes).toBe(before)
})

function outcome(status: number, whole: boolean, logged: boolean, details?: string) {
  properties = {
    'response.flags': uint64(0x4002n),
    'response.grpc_status': uint64(7n),
    ...(details === undefined ? {} : { 'response.code_details': Buffer.from(details) }),
  }
  facts.askOutcome(status, Number(whole), Number(logged))
  return [spanAt(facts.details()), Number(facts.flags()), Number(facts.grpcStatus())]
}

test('an ending is in Envoy’s words where it is not a whole answer of the upstream', () => {
  request([])
  expect(outcome(200, true, true, 'via_upstream')).toEqual(['', 0, -1])
  expect(outcome(200, false, true, 'via_upstream')).toEqual(['via_upstream', 0, -1])
  expect(outcome(399, false, true, 'via_upstream')).toEqual(['via_upstream', 0, -1])
  expect(outcome(400, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(199, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(0, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(200, false, true, 'via_upstreams')).toEqual(['via_upstreams', 0x4002, -1])
  expect(outcome(200, false, true)).toEqual(['', 0x4002, -1])
  expect(outcome(200, true, true)).toEqual(['', 0, -1])
})

test.each<[type: string | null, isGrpc: boolean]>([
  ['application/grpc', true],
  ['application/grpc-web', true],
  ['application/grpc+proto', true],
  ['application/grp', false],
  ['xpplication/grpc', false],
  ['application/json', false],
  [null, false],
])('an answer to a request of type %j has a status of gRPC: %s', (type, isGrpc) => {
  request(type === null ? [] : [['content-type', type]])
  expect(outcome(200, true, true)[2]).toBe(isGrpc ? 7 : -1)
  expect(outcome(200, true, false)[2]).toBe(-1)
})

const MASK = (1n << 64n) - 1n
const rotl = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & MASK

/** https://prng.di.unimi.it/xoshiro256starstar.c */
function* xoshiro(from: bigint[]): Generator<bigint> {
  const s = [...from] as [bigint, bigint, bigint, bigint]
  while (true) {
    yield (rotl((s[1] * 5n) & MASK, 7n) * 9n) & MASK
    const t = (s[1] << 17n) & MASK
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotl(s[3], 45n)
  }
}

const GOLDEN = 0x9e3779b97f4a7c15n

/** https://www.aumasson.jp/siphash/siphash.pdf, with one round a word and three at the end, folded to 32 bits. */
function sipHash13(key0: bigint, key1: bigint, bytes: Buffer): number {
  const v = [
    key0 ^ 0x736f6d6570736575n,
    key1 ^ 0x646f72616e646f6dn,
    key0 ^ 0x6c7967656e657261n,
    key1 ^ 0x7465646279746573n,
  ] as [bigint, bigint, bigint, bigint]
  const round = () => {
    v[0] = (v[0] + v[1]) & MASK
    v[2] = (v[2] + v[3]) & MASK
    v[1] = rotl(v[1], 13n) ^ v[0]
    v[3] = rotl(v[3], 16n) ^ v[2]
    v[0] = rotl(v[0], 32n)
    v[2] = (v[2] + v[1]) & MASK
    v[0] = (v[0] + v[3]) & MASK
    v[1] = rotl(v[1], 17n) ^ v[2]
    v[3] = rotl(v[3], 21n) ^ v[0]
    v[2] = rotl(v[2], 32n)
  }
  const padded = Buffer.alloc((bytes.length & ~7) + 8)
  bytes.copy(padded)
  padded[padded.length - 1] = bytes.length & 255
  for (let at = 0; at < padded.length; at += 8) {
    const word = padded.readBigUInt64LE(at)
    v[3] ^= word
    round()
    v[0] ^= word
  }
  v[2] ^= 0xffn
  for (let i = 0; i < 3; i++) round()
  const hash = v[0] ^ v[1] ^ v[2] ^ v[3]
  return Number((hash ^ (hash >> 32n)) & 0xffffffffn)
}

test('random numbers are those of xoshiro256**, begun with what the host gives', () => {
  seed = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 89 + 7) & 255))
  const expected = xoshiro([0, 8, 16, 24].map((at) => seed.readBigUInt64LE(at)))
  for (let i = 0; i < 50; i++)
    expect(BigInt.asUintN(64, facts.random64())).toBe(expected.next().value)
  for (const limit of [1, 10, 1000, 2 ** 32 - 1]) {
    const next = expected.next().value as bigint
    expect(facts.randomBelow(limit) >>> 0).toBe(Number(((next >> 32n) * BigInt(limit)) >> 32n))
  }
})

test('without randomness of the host they are begun with the time', () => {
  unixNs = 1_795_000_000_123_000_000n
  const expected = xoshiro([(1_795_000_000_123n * GOLDEN) & MASK, GOLDEN, 0n, 0n])
  for (let i = 0; i < 5; i++)
    expect(BigInt.asUintN(64, facts.random64())).toBe(expected.next().value)
})

test.each([0, 8, 16, 24])('a single bit of randomness is enough, in byte %d', (at) => {
  seed[at] = 1
  const expected = xoshiro([0, 8, 16, 24].map((from) => seed.readBigUInt64LE(from)))
  for (let i = 0; i < 5; i++)
    expect(BigInt.asUintN(64, facts.random64())).toBe(expected.next().value)
})

test('keyed hashes are those of SipHash-1-3 with a random key', () => {
  seed = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 57 + 3) & 255))
  const keys = xoshiro([0, 8, 16, 24].map((at) => seed.readBigUInt64LE(at)))
  const [key0, key1] = [keys.next().value as bigint, keys.next().value as bigint]
  for (let length = 0; length < 40; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 31 + length) & 255))
    const at = plugin.place(Buffer.concat([bytes, Buffer.alloc(8, 0xa5)]))
    expect(facts.keyedHash(at, length) >>> 0, String(length)).toBe(sipHash13(key0, key1, bytes))
  }
})
