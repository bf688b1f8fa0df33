import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { SourceRoom } from './support/sources.ts'

let room: SourceRoom
beforeAll(async () => {
  room = await SourceRoom.open()
})

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const jwtOf = (claims: unknown) => `${base64url({ alg: 'RS256' })}.${base64url(claims)}.c2ln`

const tokenOf = (json: string) => `e30.${Buffer.from(json).toString('base64url')}.x`

/** `a.b.0` as the parser has it: each segment is followed by a NUL. */
const pathOf = (...segments: string[]) => segments.map((segment) => `${segment}\0`).join('')

const claimIn = (claims: unknown, ...segments: string[]) =>
  room.read(room.plugin.exports.claim, jwtOf(claims), pathOf(...segments))

test('a claim is a string, a number or a boolean, however deep it stands', () => {
  const claims = { sub: 'u1', id: 42, admin: true, org: { id: 'o1', roles: ['a', { b: 'c' }] } }

  expect(claimIn(claims, 'sub')).toBe('u1')
  expect(claimIn(claims, 'id')).toBe('42')
  expect(claimIn(claims, 'admin')).toBe('true')
  expect(claimIn(claims, 'org', 'id')).toBe('o1')
  expect(claimIn(claims, 'org', 'roles', '1', 'b')).toBe('c')
  for (const path of [
    ['no'],
    ['org'],
    ['org', 'roles'],
    ['org', 'roles', '2'],
    ['sub', '0'],
    ['org', 'roles', 'x'],
  ]) {
    expect(claimIn(claims, ...path), path.join('.')).toBeUndefined()
  }
  expect(claimIn({ sub: null }, 'sub')).toBeUndefined()
})

test('claims of any name and text are found as JSON.parse finds them', () => {
  const key = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('é', 'a"b', '\u2028', '😀', '__proto__'),
  )
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean())), (claims) => {
      for (const [name, value] of Object.entries(claims)) {
        if (name.includes('\0')) continue
        expect(claimIn(claims, name)).toBe(Buffer.from(String(value)).toString())
      }
    }),
    { numRuns: 200 },
  )
})

test('a claim whose name is written with escapes is found, and of two of a name the last', () => {
  expect(room.read(room.plugin.exports.claim, tokenOf('{"s\\u0075b":"u1"}'), 'sub\0')).toBe('u1')
  expect(room.read(room.plugin.exports.claim, tokenOf('{"sub":"u1","sub":"u2"}'), 'sub\0')).toBe(
    'u2',
  )
})

test('what is not a token identifies nobody', () => {
  const token = jwtOf({ sub: 'u1' })
  const [head, body, signature] = token.split('.') as [string, string, string]
  const broken = [
    '',
    '..',
    body,
    `${head}.${body}`,
    `${head}.!${body}.${signature}`,
    `${head}.${Buffer.from('not json').toString('base64url')}.x`,
    `${head}.${Buffer.from('{"sub":"u1"').toString('base64url')}.x`,
    // Encrypted: five parts.
    `${token}.x.y`,
    `e30.${base64url({ sub: 'u1', padding: 'x'.repeat(70_000) })}.x`,
  ]
  for (const text of broken)
    expect(room.read(room.plugin.exports.claim, text, 'sub\0'), text.slice(0, 80)).toBeUndefined()
  // A token without a signature is read like any other.
  expect(room.read(room.plugin.exports.claim, `${head}.${body}.`, 'sub\0')).toBe('u1')
})

test('tokens changed at random never harm', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(255), (json, at, byte) => {
      const token = Buffer.from(`e30.${Buffer.from(`{"a":${json}}`).toString('base64url')}.x`)
      token[at % token.length] = byte
      room.read(room.plugin.exports.claim, token, 'a\0')
    }),
    { numRuns: 500 },
  )
})

test('a token stands behind Bearer in any case, or alone', () => {
  expect(room.read(room.plugin.exports.bearer, 'Bearer a.b.c')).toBe('a.b.c')
  expect(room.read(room.plugin.exports.bearer, 'bEARER   a.b.c')).toBe('a.b.c')
  for (const token of ['a.b.c', 'a', 'bearer', 'bearer1', '']) {
    expect(room.read(room.plugin.exports.bearer, token)).toBe(token)
  }
  for (const other of ['Basic dTE6cA==', 'secret abc'])
    expect(room.read(room.plugin.exports.bearer, other)).toBeUndefined()
})

test('the user name of basic authentication is what stands before the first colon', () => {
  const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
    room.read(room.plugin.exports.basic, `Basic ${Buffer.from(text, encoding).toString('base64')}`)

  expect(basic('alice:secret')).toBe('alice')
  expect(basic('alice:se:cr:et')).toBe('alice')
  expect(basic('zoë:x')).toBe('zoë')
  expect(basic('zoë:x', 'latin1')).toBe('zoë')
  expect(room.read(room.plugin.exports.basic, 'bAsIc YTpi')).toBe('a')
  for (const text of ['Basic', 'Basic !!!!', 'Basic YWxpY2U=', 'Bearer YTpi', 'YTpi', '']) {
    expect(room.read(room.plugin.exports.basic, text), text).toBeUndefined()
  }
})

test('a cookie is found among others, quoted or not', () => {
  const header = 'a=1; session="s p"; b=; a=2;c = x '

  expect(room.read(room.plugin.exports.cookie, header, 'a')).toBe('1')
  expect(room.read(room.plugin.exports.cookie, header, 'session')).toBe('s p')
  expect(room.read(room.plugin.exports.cookie, header, 'c')).toBe('x')
  for (const name of ['b', 'A', 'sess', 'session2', '']) {
    expect(room.read(room.plugin.exports.cookie, header, name), name).toBeUndefined()
  }
  expect(room.read(room.plugin.exports.cookie, 'x='.repeat(500_000), 'y')).toBeUndefined()
})

test('parameters are found as URLSearchParams finds them', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('a', 'key', 'é', 'a b', '&', '='),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 5 }), (pairs) => {
      const query = new URLSearchParams(pairs).toString()
      for (const [name] of pairs) {
        const value = pairs.find((pair) => pair[0] === name && pair[1].trim() !== '')?.[1]
        if (name === '') continue
        const expected = value?.replace(/^[ \t]+|[ \t]+$/g, '')
        expect(room.read(room.plugin.exports.query, `/p?${query}#a=b`, name)).toBe(expected)
      }
    }),
    { numRuns: 300 },
  )
})

function tokenOfLength(length: number): string {
  const body = Buffer.from(`{"sub":"u"${' '.repeat(3)}}`).toString('base64url')
  return `${'h'.repeat(length - body.length - 2)}.${body}.`
}

function credentialsOf(length: number): string {
  const whole = Buffer.from(`u:${'p'.repeat(60_000)}`)
    .toString('base64')
    .replace(/=*$/, '')
  return `Basic ${whole.slice(0, length & ~3)}`.slice(0, length + 6)
}

test('a token or credentials of 64 KiB are looked at, and no longer ones', () => {
  expect(room.read(room.plugin.exports.claim, tokenOfLength(65_536), 'sub\0')).toBe('u')
  expect(room.read(room.plugin.exports.claim, tokenOfLength(65_537), 'sub\0')).toBeUndefined()
  expect(room.read(room.plugin.exports.basic, credentialsOf(65_536))).toBe('u')
  expect(room.read(room.plugin.exports.basic, `${credentialsOf(65_536)}QQ`)).toBeUndefined()
})

test.each<[value: string, token: string | undefined]>([
  ['Bearer', 'Bearer'],
  ['Bearer ', ''],
  ['Bearer  a ', 'a'],
  ['Bearerx a', undefined],
  ['Bearer\ta', 'Bearer\ta'],
  ['Beare a', undefined],
  ['a b', undefined],
  [' a', undefined],
  ['a', 'a'],
])('behind Bearer in %j stands %j', (value, token) => {
  expect(room.read(room.plugin.exports.bearer, value)).toBe(token)
})

test.each<[text: string, user: string | undefined]>([
  [':', ''],
  [':p', ''],
  ['u:', 'u'],
  ['u', undefined],
  ['', undefined],
  ['ü\u00ff:x', 'ü\u00ff'],
  [`${'ü'.repeat(300)}:x`, 'ü'.repeat(300)],
])('the user of %j is %j', (text, user) => {
  const encoded = Buffer.from(text, 'latin1').toString('base64')
  expect(room.read(room.plugin.exports.basic, `Basic ${encoded}`)).toBe(user)
  expect(room.read(room.plugin.exports.basic, `Basic  ${encoded} `)).toBe(user)
})

test.each<[header: string, value: string | undefined]>([
  ['c=1', '1'],
  ['c', undefined],
  ['=c', undefined],
  ['c=', undefined],
  ['c=;c=2', '2'],
  ['c=1;c=2', '1'],
  [' c = 1 ', '1'],
  ['c=""', undefined],
  ['c="', '"'],
  ['c="x', '"x'],
  ['c=x"', 'x"'],
  ['c=" x "', 'x'],
  ['c="x"y"', 'x"y'],
  ['c=a=b', 'a=b'],
  ['cc=1;c=2', '2'],
  ['d=c=1', undefined],
  [';;c=1', '1'],
  ['', undefined],
])('of %j the cookie is %j', (header, value) => {
  expect(room.read(room.plugin.exports.cookie, header, 'c')).toBe(value)
  expect(room.read(room.plugin.exports.cookie, header, '')).toBe(
    header.startsWith('=') ? 'c' : undefined,
  )
})

test.each<[path: string, value: string | undefined]>([
  ['/p?k=1', '1'],
  ['/p?k', undefined],
  ['/p?k=', undefined],
  ['/p?k=&k=2', '2'],
  ['/p?k=1&k=2', '1'],
  ['/p?=k', undefined],
  ['/p?kk=1&k=2', '2'],
  ['/p?a&k=2', '2'],
  ['/p?%6b=2', '2'],
  ['/p?k=%20', undefined],
  ['/p?k=+a%20', 'a'],
  ['/p?k=a=b', 'a=b'],
  ['/p?a=1#&k=2', undefined],
  ['/p#?k=2', undefined],
  ['/k=1', undefined],
  ['/k=1?', undefined],
  ['?k=1', '1'],
  ['/p?a=1?k=2', undefined],
  ['k=1', undefined],
  ['', undefined],
])('of %j the parameter is %j', (path, value) => {
  expect(room.read(room.plugin.exports.query, path, 'k')).toBe(value)
})
