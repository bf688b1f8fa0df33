import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ExchangeScript, PropertyValue } from '#sandbox/emulator/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { startWith } from './support/documents.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const jwt = (claims: object) =>
  `${base64('{"alg":"none"}')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`

/** The user that these sources find in an exchange. */
async function userOf(
  sources: string[],
  script: ExchangeScript,
  options: object = {},
): Promise<string | undefined> {
  const event = await eventOf(script, { user_id_sources: sources, ...options })
  expect(schemaErrors(event)).toEqual([])
  return event.user_id
}

const withHeaders = (headers: Record<string, string | string[]>): ExchangeScript => ({
  request: { headers },
})
const withProperty = (name: string, value: PropertyValue): ExchangeScript => ({
  properties: { [name]: value },
})

test('the first source with a value that is not blank identifies the user', async () => {
  const sources = ['header:x-a', 'header:x-b', 'literal:nobody']

  expect(await userOf(sources, withHeaders({ 'x-a': 'a', 'x-b': 'b' }))).toBe('a')
  expect(await userOf(sources, withHeaders({ 'x-a': ' ', 'x-b': ' b ' }))).toBe('b')
  expect(await userOf(sources, {})).toBe('nobody')
})

test('user_id_header comes before the sources, its response header too', async () => {
  const options = { user_id_header: 'x-user-id' }
  const script = withHeaders({ 'x-user-id': 'header', 'x-a': 'source' })

  expect(await userOf(['header:x-a'], script, options)).toBe('header')
  expect(
    await userOf(
      ['header:x-a'],
      { ...withHeaders({ 'x-a': 'source' }), response: { headers: { 'x-user-id': 'response' } } },
      options,
    ),
  ).toBe('response')
})

test('a response header, a cookie, a parameter, a claim, a user name', async () => {
  const cookies = withHeaders({ cookie: ['a=1', `sid=s1; tok=${jwt({ sub: 'u2' })}`] })

  expect(
    await userOf(['response_header:x-user'], { response: { headers: { 'x-user': 'r' } } }),
  ).toBe('r')
  expect(await userOf(['cookie:sid'], cookies)).toBe('s1')
  expect(await userOf(['jwt_cookie:tok:sub'], cookies)).toBe('u2')
  expect(await userOf(['query:u'], { request: { path: '/p?x=1&u=a%20b' } })).toBe('a b')
  expect(
    await userOf(
      ['jwt:authorization:user.ids[1]'],
      withHeaders({ authorization: `Bearer ${jwt({ user: { ids: [1, 42] } })}` }),
    ),
  ).toBe('42')
  expect(
    await userOf(
      ['basic:authorization'],
      withHeaders({ authorization: `Basic ${base64('ann:pa:ss')}` }),
    ),
  ).toBe('ann')
})

test('an attribute of Envoy: a string, a number, a boolean', async () => {
  const name = 'metadata.filter_metadata.envoy.filters.http.jwt_authn.payload.sub'
  const source = ['metadata:envoy.filters.http.jwt_authn:payload.sub']

  expect(await userOf(source, withProperty(name, 'u1'))).toBe('u1')
  expect(await userOf(source, withProperty(name, 'eightchr'))).toBe('eightchr')
  expect(await userOf(source, withProperty(name, { double: 1234567 }))).toBe('1234567')
  expect(await userOf(source, withProperty(name, { double: -1.05 }))).toBe('-1.05')
  expect(await userOf(source, withProperty(name, true))).toBe('true')
  expect(await userOf(source, withProperty(name, { double: Number.NaN }))).toBeUndefined()
  expect(
    await userOf(source, withProperty(name, Buffer.from([1, 0, 0, 0, 65, 66]))),
  ).toBeUndefined()
  expect(await userOf(source, {})).toBeUndefined()
})

test('filter state and the certificate of the peer', async () => {
  expect(await userOf(['filter_state:my.user'], withProperty('filter_state.my.user', 'f'))).toBe(
    'f',
  )
  for (const [field, name] of Object.entries({
    subject: 'subject_peer_certificate',
    uri_san: 'uri_san_peer_certificate',
    dns_san: 'dns_san_peer_certificate',
    fingerprint: 'sha256_peer_certificate_digest',
  })) {
    expect(await userOf([`peer:${field}`], withProperty(`connection.${name}`, field))).toBe(field)
  }
})

test('any source can be hashed: the value itself is in no event', async () => {
  const key = 'super-secret-key'
  const event = await eventOf(withHeaders({ 'x-api-key': ` ${key} ` }), {
    session_token_sources: ['sha256(header:x-api-key)'],
    request_header_masks: ['x-api-key'],
  })

  expect(event.session_token).toBe(createHash('sha256').update(key).digest('hex'))
  expect(JSON.stringify(event)).not.toContain(key)
})

test('company, session, subscription and api version have sources of their own', async () => {
  const event = await eventOf(
    withHeaders({ 'x-c': 'c1', 'x-s': 's1', 'x-sub': 'sub1', 'x-v': 'v2', 'x-api-version': 'v1' }),
    {
      company_id_sources: ['header:x-c'],
      session_token_sources: ['header:x-s'],
      subscription_id_sources: ['header:x-sub'],
      api_version_sources: ['header:x-none', 'header:x-v'],
    },
  )

  expect(event).toMatchObject({
    company_id: 'c1',
    session_token: 's1',
    subscription_id: 'sub1',
    request: { api_version: 'v2' },
  })
  expect(event.user_id).toBeUndefined()
})

test('x-api-version counts when no source has a version', async () => {
  const event = await eventOf(withHeaders({ 'x-api-version': 'v1' }), {
    api_version_sources: ['header:x-none'],
  })

  expect(event.request.api_version).toBe('v1')
})

test.each([
  ['authorization', 'Bearer not.a.token'],
  ['authorization', `Bearer ${'a'.repeat(100_000)}.b.c`],
  ['authorization', 'Basic %%%'],
  ['cookie', 'x='.repeat(500_000)],
  ['cookie', `tok=${'e30.'.repeat(20_000)}`],
])('a value that cannot be read identifies no user: %s', async (name, value) => {
  const sources = [
    'jwt:authorization:sub',
    'basic:authorization',
    'jwt_cookie:tok:sub',
    'cookie:sid',
  ]

  expect(await userOf(sources, withHeaders({ [name]: value }))).toBeUndefined()
})

const identityOf = async (script: ExchangeScript, options: Record<string, unknown>) => {
  const { user_id, company_id } = await eventOf(script, options)
  return [user_id, company_id]
}

test("the options of Moesif's plugin for Kong are the same in other words", async () => {
  const claims = { sub: 'u1', 'https://x.io/org': 'c1', name: 'n1' }
  const bearer = withHeaders({ 'x-auth': `Bearer ${jwt(claims)}` })
  const basic = withHeaders({ authorization: `Basic ${base64('ann:x')}` })
  expect(await identityOf(bearer, { authorization_header_name: 'authorization, X-Auth' })).toEqual([
    'u1',
    undefined,
  ])
  expect(
    await identityOf(bearer, {
      authorization_header_name: 'x-auth',
      authorization_user_id_field: 'name',
      authorization_company_id_field: 'https://x.io/org',
    }),
  ).toEqual(['n1', 'c1'])
  expect(await identityOf(basic, { authorization_user_id_field: 'sub' })).toEqual([
    'ann',
    undefined,
  ])
  expect(await identityOf(basic, {})).toEqual([undefined, undefined])
})

test('a source that cannot be read turns capturing off, and says where', async () => {
  const emulator = await startPlugin({
    user_id_sources: ['header:x-user-id', 'jwt:authorization:'],
  })
  emulator.worker(0).exchange({})
  emulator.advance(3000)

  expect(emulator.collector.events()).toEqual([])
  expect(emulator.logs.messages()).toContainEqual(
    expect.stringMatching(
      /^moesif: configuration: capturing is off: option "user_id_sources" is \["header:x-user-id", ?"jwt:authorization:"\]: item 2 cannot be read on at its character 19: a part of the path is empty\./,
    ),
  )
})

test('a header list that is none of the Kong options turns capturing off', async () => {
  const emulator = await startPlugin({ authorization_header_name: 'a:b' })

  expect(emulator.logs.messages()).toContainEqual(
    expect.stringContaining('option "authorization_header_name" is "a:b"'),
  )
})

test('governance and sampling see the user of the event', async () => {
  const metadata = 'metadata.filter_metadata.f.user'
  const hashed = createHash('sha256').update('key').digest('hex')
  const emulator = await startWith(
    {
      config: {
        user_rules: { ann: [{ rules: 'r' }], [hashed]: [{ rules: 'r' }] },
        user_sample_rate: { bob: 0 },
      },
      rules: [{ _id: 'r', type: 'user', block: true, response: { status: 402, body: 'r' } }],
    },
    {
      user_id_sources: [
        'metadata:f:user',
        'jwt:authorization:sub',
        'sha256(header:x-key)',
        'response_header:x-user-was',
        'header:x-late',
      ],
    },
  )
  const refused = [
    withProperty(metadata, 'ann'),
    withHeaders({ authorization: `Bearer ${jwt({ sub: 'ann' })}` }),
    withHeaders({ 'x-key': 'key' }),
  ]
  const unsampled = [
    withProperty(metadata, 'bob'),
    withHeaders({ authorization: `Bearer ${jwt({ sub: 'bob' })}` }),
    { response: { headers: { 'x-user-was': 'bob' } } },
    // The source of the highest precedence is known last.
    { ...withHeaders({ 'x-late': 'eve' }), response: { headers: { 'x-user-was': 'bob' } } },
  ]

  const statuses = refused.map((script) => emulator.worker(0).exchange(script).localReply?.status)
  for (const script of unsampled) emulator.worker(0).exchange(script)

  expect(statuses).toEqual([402, 402, 402])
  expect(eventsOf(emulator).map((event) => [event.user_id, event['blocked_by']])).toEqual([
    ['ann', 'r'],
    ['ann', 'r'],
    [hashed, 'r'],
  ])
  expect(emulator.metrics.get('moesif_events_sampled_out_total')).toBe(4)
})

test('a claim whose characters are escaped is read with characters of every length', async () => {
  const points = [0x7f, 0x80, 0x7ff, 0x800, 0x20ac, 0xffff, 0x10000, 0x1f680, 0x10ffff]
  const user = `u${String.fromCodePoint(...points)}`
  const escaped = Array.from({ length: user.length }, (_, at) => user.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
  const claims = Buffer.from(`{"sub":"${escaped}"}`).toString('base64url')

  const found = await userOf(
    ['jwt:authorization:sub'],
    withHeaders({ authorization: `Bearer ${base64('{}')}.${claims}.c2ln` }),
  )

  expect(found).toBe(user)
})
