import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { CLIENT_ADDRESS, SourceRoom, type Parsed } from './support/sources.ts'

let room: SourceRoom
beforeAll(async () => {
  room = await SourceRoom.open()
})

test.each<[string, Parsed]>([
  ['header:X-User-Id', { kind: 'header', name: 'x-user-id' }],
  ['response_header:x-user', { kind: 'response_header', name: 'x-user' }],
  ['cookie:Session', { kind: 'cookie', name: 'Session' }],
  ['query:api_key', { kind: 'query', name: 'api_key' }],
  ['jwt:Authorization:sub', { kind: 'jwt', name: 'authorization', path: 'sub/' }],
  [
    'jwt:authorization:realm_access.roles[0].0',
    { kind: 'jwt', name: 'authorization', path: 'realm_access/roles/0/0/' },
  ],
  [
    'jwt:authorization:https://example\\.com/org.id',
    { kind: 'jwt', name: 'authorization', path: 'https://example.com/org/id/' },
  ],
  ['jwt_cookie:token:user.id', { kind: 'jwt_cookie', name: 'token', path: 'user/id/' }],
  ['basic:authorization', { kind: 'basic', name: 'authorization' }],
  [
    'metadata:envoy.filters.http.jwt_authn:payload.sub',
    {
      kind: 'property',
      name: 'metadata/filter_metadata/envoy.filters.http.jwt_authn/payload/sub',
      path: 'payload/sub/',
    },
  ],
  ['filter_state:my.key', { kind: 'property', name: 'filter_state/my.key' }],
  ['peer:subject', { kind: 'property', name: 'connection/subject_peer_certificate' }],
  ['peer:uri_san', { kind: 'property', name: 'connection/uri_san_peer_certificate' }],
  ['peer:dns_san', { kind: 'property', name: 'connection/dns_san_peer_certificate' }],
  ['peer:fingerprint', { kind: 'property', name: 'connection/sha256_peer_certificate_digest' }],
  ['literal:team a: b', { kind: 'literal', name: 'team a: b' }],
  ['sha256(header:x-api-key)', { kind: 'header', name: 'x-api-key', hashed: true }],
  ['sha256(literal:a(b))', { kind: 'literal', name: 'a(b)', hashed: true }],
])('%s is understood', (text, parsed) => {
  expect(room.parse(text)).toEqual(parsed)
})

test.each<[text: string, position: number, reason: string | RegExp]>([
  ['', 0, /^a kind of source is expected: header, .*or sha256/],
  ['x-user-id', 0, /^a kind of source/],
  ['Header:x', 0, /^a kind of source/],
  ['header', 6, 'the name of a header is expected'],
  ['header:', 7, 'the name of a header is expected'],
  ['header:x user', 7, 'the name of a header is expected'],
  ['header:x:2', 7, 'the name of a header is expected'],
  ['cookie:', 7, 'a name is expected'],
  ['jwt:authorization', 17, 'a name is expected, and behind it a colon and the path of a value'],
  ['jwt:authorization:', 18, 'a part of the path is empty'],
  ['jwt:authorization:a..b', 20, 'a part of the path is empty'],
  ['jwt:authorization:a[b]', 20, 'the number of an element, and ], are expected'],
  ['jwt:authorization:a[1', 21, 'the number of an element, and ], are expected'],
  ['jwt:authorization:a[1]b', 22, 'a dot, [ or the end of the path is expected'],
  [`jwt:a:${'x.'.repeat(33)}x`, 71, 'the path has more than 32 parts'],
  ['jwt_cookie::sub', 11, 'a name is expected'],
  ['metadata:envoy.filters.http.jwt_authn', 37, /^a name is expected, and behind it a colon/],
  ['filter_state:', 13, 'a name is expected'],
  ['peer', 4, 'subject, uri_san, dns_san or fingerprint is expected'],
  ['peer:name', 5, 'subject, uri_san, dns_san or fingerprint is expected'],
  ['peer:subject:x', 5, 'subject, uri_san, dns_san or fingerprint is expected'],
  ['sha256(header:x', 15, ') is expected at the end'],
  ['sha256(sha256(header:x))', 7, /^a kind of source/],
  ['literal:a\nb', 9, 'this character is not allowed'],
])('%j is refused, and where', (text, position, reason) => {
  expect(room.parse(text)).toEqual([
    position,
    typeof reason === 'string' ? reason : expect.stringMatching(reason),
  ])
})

test("a client's address comes from a header, an element of it counted from the right, or the peer", () => {
  expect(room.parse('peer', CLIENT_ADDRESS)).toEqual({ kind: 'peer', name: '' })
  expect(room.parse('header:X-Real-Ip', CLIENT_ADDRESS)).toEqual({
    kind: 'header',
    name: 'x-real-ip',
  })
  expect(room.parse('header:x-forwarded-for:2', CLIENT_ADDRESS)).toEqual({
    kind: 'header',
    name: 'x-forwarded-for',
    fromRight: 2,
  })
  for (const number of ['', '0', '100', '-1', '2x']) {
    const [position, reason] = room.parse(`header:x:${number}`, CLIENT_ADDRESS) as [number, string]
    expect([position, reason], number).toEqual([9, 'a number from 1 to 99 is expected'])
  }
  for (const text of ['cookie:x', 'peer:subject', 'sha256(header:x)']) {
    expect(room.parse(text, CLIENT_ADDRESS)).toEqual([
      0,
      'header:NAME, header:NAME:NUMBER or peer is expected',
    ])
  }
})

test('no text makes the parser read on for ever, or beyond its end', () => {
  const piece = fc.constantFrom(
    'header:',
    'header:x',
    'peer:subject',
    'jwt:',
    'sha256(',
    ')',
    'metadata:',
    'peer:',
    'a',
    '.',
    '[',
    ']',
    '0',
    '\\',
    ':',
    'é',
    '\0',
  )
  const outcomes = { sources: 0, errors: 0 }
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(1), (pieces, use) => {
      const text = pieces.join('')
      const parsed = room.parse(text, use)
      if (!Array.isArray(parsed)) outcomes.sources++
      else {
        outcomes.errors++
        expect(parsed[0]).toBeLessThanOrEqual(Buffer.byteLength(text))
        expect(parsed[1]).not.toBe('')
      }
    }),
    { numRuns: 1000 },
  )
  expect(outcomes.sources).toBeGreaterThan(10)
  expect(outcomes.errors).toBeGreaterThan(100)
})

/** Where a text is refused, null when it is not. */
function refusedAt(text: string, use?: number): number | null {
  const parsed = room.parse(text, use)
  return Array.isArray(parsed) ? parsed[0] : null
}

const pathOfParts = (parts: number) => `jwt:a:${Array.from({ length: parts }, () => 'x').join('.')}`

test('a path has 32 parts at most', () => {
  expect(room.parse(pathOfParts(32))).toMatchObject({ path: 'x/'.repeat(32) })
  expect(room.parse(pathOfParts(33))).toEqual([71, 'the path has more than 32 parts'])
  expect(room.parse(`${pathOfParts(31)}[0]`)).toMatchObject({ path: `${'x/'.repeat(31)}0/` })
  expect(room.parse(`${pathOfParts(32)}[0]`)).toEqual([72, 'the path has more than 32 parts'])
})

test.each<[path: string, segments: string | null]>([
  ['a\\.b', 'a.b/'],
  ['a\\[b', 'a[b/'],
  ['a\\\\.b', 'a\\/b/'],
  ['a\\', 'a\\/'],
  ['a[0][12].b', 'a/0/12/b/'],
  ['a]', 'a]/'],
  ['[0]', null],
  ['.a', null],
  ['a.', null],
  ['a[]', null],
  ['a[0', null],
  ['a[', null],
  ['a[0x]', null],
  ['a[0]]', null],
])('the path %s has the parts %s', (path, segments) => {
  const parsed = room.parse(`jwt:h:${path}`)
  if (segments === null) expect(parsed).toBeInstanceOf(Array)
  else expect(parsed).toEqual({ kind: 'jwt', name: 'h', path: segments })
})

test('of a source each character may stand but controls', () => {
  for (let byte = 0; byte < 128; byte++) {
    const text = `literal:a${String.fromCharCode(byte)}b`
    const isControl = byte < 32 || byte === 127
    expect(room.parse(text)).toEqual(
      isControl
        ? [9, 'this character is not allowed']
        : { kind: 'literal', name: text.slice('literal:'.length) },
    )
  }
  expect(room.parse('literal:é')).toEqual({ kind: 'literal', name: 'é' })
})

test.each<[text: string, position: number]>([
  ['sha256(', 7],
  ['sha256()', 7],
  ['sha256(literal:x', 16],
  ['sha256', 0],
  ['sha256(cookie:)', 14],
  ['jwt:', 4],
  ['jwt::a', 4],
  ['jwt:a b:c', 4],
  ['jwt_cookie:', 11],
  ['jwt_cookie:a', 12],
  ['jwt_cookie:a:', 13],
  ['metadata::a', 9],
  ['metadata:a:', 11],
  ['query:', 6],
  ['literal:', 8],
  ['basic:', 6],
  ['response_header:', 16],
  ['headers:x', 0],
  ['heade:x', 0],
])('%j is refused at %d', (text, position) => {
  expect(refusedAt(text)).toBe(position)
})

test('an element counted from the right has a number from 1 to 99', () => {
  for (const number of [1, 9, 10, 99]) {
    expect(room.parse(`header:x:${number}`, CLIENT_ADDRESS)).toMatchObject({ fromRight: number })
  }
  for (const number of ['00', '000', '100', '101', '999', '1000', ':1', '1:', ' 1']) {
    expect(refusedAt(`header:x:${number}`, CLIENT_ADDRESS), number).toBe(9)
  }
  expect(room.parse('header:x:07', CLIENT_ADDRESS)).toMatchObject({ fromRight: 7 })
  expect(refusedAt('header:', CLIENT_ADDRESS)).toBe(7)
  expect(refusedAt('peers', CLIENT_ADDRESS)).toBe(0)
})

test('sources give their memory back, also those that are refused', () => {
  const texts = [
    `jwt:a:${'x'.repeat(100_000)}`,
    'header:x',
    'jwt:a:b.c[0]',
    'jwt_cookie:a:b',
    'metadata:a:b',
    'filter_state:k',
    'peer:subject',
    'literal:x',
    'cookie:c',
    'basic:h',
  ]
  const refused = [
    'header:x y',
    'jwt:a',
    'jwt:a:b..c',
    'jwt_cookie:a',
    'metadata:a',
    'cookie:',
    'peer:x',
    'x',
    'a\n',
    'sha256(x',
  ]
  const addresses = ['header:x:2', 'peer', 'header:x:0', 'header:x y', 'cookie:a']
  for (const text of [...texts, ...refused]) {
    expect(
      room.plugin.leakOf(() => void room.parse(text)),
      text,
    ).toBe(0)
  }
  for (const text of addresses) {
    expect(
      room.plugin.leakOf(() => void room.parse(text, CLIENT_ADDRESS)),
      text,
    ).toBe(0)
  }
})

test('a list keeps its sources in order, begins anew when it is cleared, and gives all back', () => {
  const { listSources } = room.plugin.exports
  for (const count of [0, 1, 2, 40]) {
    expect(listSources(count)).toBe(2 * count)
    expect(room.plugin.leakOf(() => void listSources(count))).toBe(0)
  }
})
