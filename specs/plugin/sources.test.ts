import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

type Reader = (start: number, length: number) => number
type NamedReader = (start: number, length: number, name: number, nameLength: number) => number

interface Exports {
  parse(start: number, length: number, use: number): number
  errorPosition(): number
  errorReason(): number
  kindOf(source: number): number
  isHashed(source: number): number
  fromRight(source: number): number
  nameOf(source: number): number
  pathOf(source: number): number
  freeSource(source: number): void
  claim: NamedReader
  bearer: Reader
  basic: Reader
  cookie: NamedReader
  query: NamedReader
}

const IDENTITY = 0
const CLIENT_ADDRESS = 1

const KINDS = [
  'header',
  'response_header',
  'cookie',
  'query',
  'jwt',
  'jwt_cookie',
  'basic',
  'property',
  'literal',
  'peer',
]

let plugin: Room<Exports>
beforeAll(async () => {
  plugin = await Room.compile<Exports>('sources')
})

/** The bytes of a `Span`. */
function spanAt(at: number): Buffer {
  const span = plugin.read(at, 8)
  return plugin.read(span.readUInt32LE(0), span.readUInt32LE(4))
}

interface Parsed {
  kind: string
  name: string
  path?: string
  hashed?: true
  fromRight?: number
}

/** What a source says, its path with `/` between segments; or where and why it can't be read. */
function parse(text: string, use = IDENTITY): Parsed | [position: number, reason: string] {
  const { exports } = plugin
  const start = plugin.place(Buffer.from(text))
  const source = exports.parse(start, Buffer.byteLength(text), use)
  plugin.release(start)
  if (!source) return [exports.errorPosition(), spanAt(exports.errorReason()).toString()]
  const path = spanAt(exports.pathOf(source)).toString().replaceAll('\0', '/')
  const parsed: Parsed = {
    kind: KINDS[exports.kindOf(source)]!,
    name: spanAt(exports.nameOf(source)).toString().replaceAll('\0', '/'),
    ...(path ? { path } : {}),
    ...(exports.isHashed(source) ? { hashed: true } : {}),
    ...(exports.fromRight(source) ? { fromRight: exports.fromRight(source) } : {}),
  }
  exports.freeSource(source)
  return parsed
}

/** The value that a reader finds in a text, undefined when none. */
function read(
  reader: Reader | NamedReader,
  text: Uint8Array | string,
  name = '',
): string | undefined {
  const bytes = Buffer.from(text)
  const key = Buffer.from(name)
  const [start, at] = [plugin.place(bytes), plugin.place(key)]
  const span = reader(start, bytes.length, at, key.length)
  const value = span ? spanAt(span).toString() : undefined
  plugin.release(start, at)
  return value
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwtOf = (claims: unknown) => `${base64url({ alg: 'RS256' })}.${base64url(claims)}.c2ln`
const tokenOf = (json: string) => `e30.${Buffer.from(json).toString('base64url')}.x`
/** `a.b.0` as the parser has it: each segment is followed by a NUL. */
const pathOf = (...segments: string[]) => segments.map((segment) => `${segment}\0`).join('')
const claimIn = (claims: unknown, ...segments: string[]) =>
  read(plugin.exports.claim, jwtOf(claims), pathOf(...segments))

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
  expect(parse(text)).toEqual(parsed)
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
  expect(parse(text)).toEqual([
    position,
    typeof reason === 'string' ? reason : expect.stringMatching(reason),
  ])
})

test("a client's address comes from a header, an element of it counted from the right, or the peer", () => {
  expect(parse('peer', CLIENT_ADDRESS)).toEqual({ kind: 'peer', name: '' })
  expect(parse('header:X-Real-Ip', CLIENT_ADDRESS)).toEqual({ kind: 'header', name: 'x-real-ip' })
  expect(parse('header:x-forwarded-for:2', CLIENT_ADDRESS)).toEqual({
    kind: 'header',
    name: 'x-forwarded-for',
    fromRight: 2,
  })
  for (const number of ['', '0', '100', '-1', '2x']) {
    const [position, reason] = parse(`header:x:${number}`, CLIENT_ADDRESS) as [number, string]
    expect([position, reason], number).toEqual([9, 'a number from 1 to 99 is expected'])
  }
  for (const text of ['cookie:x', 'peer:subject', 'sha256(header:x)']) {
    expect(parse(text, CLIENT_ADDRESS)).toEqual([
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
      const parsed = parse(text, use)
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
  expect(read(plugin.exports.claim, tokenOf('{"s\\u0075b":"u1"}'), 'sub\0')).toBe('u1')
  expect(read(plugin.exports.claim, tokenOf('{"sub":"u1","sub":"u2"}'), 'sub\0')).toBe('u2')
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
    expect(read(plugin.exports.claim, text, 'sub\0'), text.slice(0, 80)).toBeUndefined()
  // A token without a signature is read like any other.
  expect(read(plugin.exports.claim, `${head}.${body}.`, 'sub\0')).toBe('u1')
})

test('tokens changed at random never harm', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(255), (json, at, byte) => {
      const token = Buffer.from(`e30.${Buffer.from(`{"a":${json}}`).toString('base64url')}.x`)
      token[at % token.length] = byte
      read(plugin.exports.claim, token, 'a\0')
    }),
    { numRuns: 500 },
  )
})

test('a token stands behind Bearer in any case, or alone', () => {
  expect(read(plugin.exports.bearer, 'Bearer a.b.c')).toBe('a.b.c')
  expect(read(plugin.exports.bearer, 'bEARER   a.b.c')).toBe('a.b.c')
  expect(read(plugin.exports.bearer, 'a.b.c')).toBe('a.b.c')
  expect(read(plugin.exports.bearer, 'Basic dTE6cA==')).toBeUndefined()
})

test('the user name of basic authentication is what stands before the first colon', () => {
  const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
    read(plugin.exports.basic, `Basic ${Buffer.from(text, encoding).toString('base64')}`)

  expect(basic('alice:secret')).toBe('alice')
  expect(basic('alice:se:cr:et')).toBe('alice')
  expect(basic('zoë:x')).toBe('zoë')
  expect(basic('zoë:x', 'latin1')).toBe('zoë')
  expect(read(plugin.exports.basic, 'bAsIc YTpi')).toBe('a')
  for (const text of ['Basic', 'Basic !!!!', 'Basic YWxpY2U=', 'Bearer YTpi', 'YTpi', '']) {
    expect(read(plugin.exports.basic, text), text).toBeUndefined()
  }
})

test('a cookie is found among others, quoted or not', () => {
  const header = 'a=1; session="s p"; b=; a=2;c = x '

  expect(read(plugin.exports.cookie, header, 'a')).toBe('1')
  expect(read(plugin.exports.cookie, header, 'session')).toBe('s p')
  expect(read(plugin.exports.cookie, header, 'c')).toBe('x')
  for (const name of ['b', 'A', 'sess', 'session2', '']) {
    expect(read(plugin.exports.cookie, header, name), name).toBeUndefined()
  }
  expect(read(plugin.exports.cookie, 'x='.repeat(500_000), 'y')).toBeUndefined()
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
        expect(read(plugin.exports.query, `/p?${query}#a=b`, name)).toBe(expected)
      }
    }),
    { numRuns: 300 },
  )
})

/** Where a text is refused, null when it is not. */
function refusedAt(text: string, use?: number): number | null {
  const parsed = parse(text, use)
  return Array.isArray(parsed) ? parsed[0] : null
}

const pathOfParts = (parts: number) => `jwt:a:${Array.from({ length: parts }, () => 'x').join('.')}`

test('a path has 32 parts at most', () => {
  expect(parse(pathOfParts(32))).toMatchObject({ path: 'x/'.repeat(32) })
  expect(parse(pathOfParts(33))).toEqual([71, 'the path has more than 32 parts'])
  expect(parse(`${pathOfParts(31)}[0]`)).toMatchObject({ path: `${'x/'.repeat(31)}0/` })
  expect(parse(`${pathOfParts(32)}[0]`)).toEqual([72, 'the path has more than 32 parts'])
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
  const parsed = parse(`jwt:h:${path}`)
  if (segments === null) expect(parsed).toBeInstanceOf(Array)
  else expect(parsed).toEqual({ kind: 'jwt', name: 'h', path: segments })
})

test('of a source each character may stand but controls', () => {
  for (let byte = 0; byte < 128; byte++) {
    const text = `literal:a${String.fromCharCode(byte)}b`
    const isControl = byte < 32 || byte === 127
    expect(parse(text)).toEqual(
      isControl
        ? [9, 'this character is not allowed']
        : { kind: 'literal', name: text.slice('literal:'.length) },
    )
  }
  expect(parse('literal:é')).toEqual({ kind: 'literal', name: 'é' })
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
    expect(parse(`header:x:${number}`, CLIENT_ADDRESS)).toMatchObject({ fromRight: number })
  }
  for (const number of ['00', '000', '100', '101', '999', '1000', ':1', '1:', ' 1']) {
    expect(refusedAt(`header:x:${number}`, CLIENT_ADDRESS), number).toBe(9)
  }
  expect(parse('header:x:07', CLIENT_ADDRESS)).toMatchObject({ fromRight: 7 })
  expect(refusedAt('header:', CLIENT_ADDRESS)).toBe(7)
  expect(refusedAt('peers', CLIENT_ADDRESS)).toBe(0)
})

test('sources give their memory back, also those that are refused', async () => {
  plugin = await Room.compile<Exports>('sources')
  const texts = [
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
  const use = () => {
    for (const text of [...texts, ...refused]) parse(text)
    for (const text of addresses) parse(text, CLIENT_ADDRESS)
  }
  for (let i = 0; i < 10; i++) use()
  const before = plugin.memoryBytes
  for (let i = 0; i < 1200; i++) use()
  expect(plugin.memoryBytes).toBe(before)
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
  expect(read(plugin.exports.claim, tokenOfLength(65_536), 'sub\0')).toBe('u')
  expect(read(plugin.exports.claim, tokenOfLength(65_537), 'sub\0')).toBeUndefined()
  expect(read(plugin.exports.basic, credentialsOf(65_536))).toBe('u')
  expect(read(plugin.exports.basic, `${credentialsOf(65_536)}QQ`)).toBeUndefined()
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
  expect(read(plugin.exports.bearer, value)).toBe(token)
})

test.each<[text: string, user: string | undefined]>([
  [':', ''],
  [':p', ''],
  ['u:', 'u'],
  ['u', undefined],
  ['', undefined],
  ['ü\u00ff:x', 'ü\u00ff'],
])('the user of %j is %j', (text, user) => {
  const encoded = Buffer.from(text, 'latin1').toString('base64')
  expect(read(plugin.exports.basic, `Basic ${encoded}`)).toBe(user)
  expect(read(plugin.exports.basic, `Basic  ${encoded} `)).toBe(user)
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
  expect(read(plugin.exports.cookie, header, 'c')).toBe(value)
  expect(read(plugin.exports.cookie, header, '')).toBe(header.startsWith('=') ? 'c' : undefined)
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
  expect(read(plugin.exports.query, path, 'k')).toBe(value)
})
