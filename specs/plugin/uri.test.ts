import { expect, test } from 'vitest'
import type { HeaderInput, HeaderValue } from '#sandbox/emulated-plugin/index.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

/** The URI of a request with just these headers, pseudo-headers included. */
const uriOf = async (headers: HeaderInput, properties: Record<string, string | null> = {}) => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  for (const [path, value] of Object.entries(properties)) stream.facts.overrides.set(path, value)
  stream.requestHeaders(headers, { endOfStream: true })
  stream.responseHeaders({ ':status': '200' }, { endOfStream: true })
  stream.end()
  return eventsOf(emulator)[0]?.request.uri
}

const get = (path: HeaderValue, more: Record<string, HeaderValue | HeaderValue[]> = {}) => ({
  ':method': 'GET',
  ':scheme': 'https',
  ':authority': 'api.example.com',
  ':path': path,
  ...more,
})

test('is scheme, authority, path and query, as the client sent them', async () => {
  expect(await uriOf(get('/v1/a%20b?filter[x]=1&y=%C3%A9'))).toBe(
    'https://api.example.com/v1/a%20b?filter[x]=1&y=%C3%A9',
  )
})

test("is the client's, not what the router made of it", async () => {
  const event = await eventOf({
    request: {
      path: '/public/things',
      headers: { 'x-user-id': 'u1' },
      routed: {
        ':path': '/internal/things',
        ':authority': 'internal.local',
        'x-user-id': null,
        authorization: 'Bearer injected',
      },
    },
  })

  expect(event.request.uri).toBe('http://api.example.com/public/things')
  expect(event.request.headers['x-user-id']).toBe('u1')
  expect(event.request.headers).not.toHaveProperty('authorization')
})

test('the scheme is x-forwarded-proto, its first value, when that is http or https', async () => {
  expect(await uriOf(get('/', { 'x-forwarded-proto': 'http' }))).toBe('http://api.example.com/')
  expect(await uriOf(get('/', { 'x-forwarded-proto': 'HTTP, https' }))).toMatch(/^http:/)
  expect(await uriOf(get('/', { 'x-forwarded-proto': ['http', 'https'] }))).toMatch(/^http:/)
})

test('a forwarded scheme that is none is passed over', async () => {
  for (const proto of ['', 'ftp', 'httpx', 'javascript', 'h', ',http']) {
    expect(await uriOf(get('/', { 'x-forwarded-proto': proto })), proto).toMatch(/^https:/)
  }
  expect(await uriOf({ ':method': 'GET', ':authority': 'a', ':path': '/' })).toBe('http://a/')
})

test('bytes that no URI may contain are percent-encoded', async () => {
  const path = Buffer.concat([Buffer.from('/"\\<>{}|^` é'), Buffer.from([0xff, 0x01, 0x7f])])

  expect(await uriOf(get(path))).toBe(
    'https://api.example.com/%22%5C%3C%3E%7B%7D%7C%5E%60%20%C3%A9%FF%01%7F',
  )
})

test('all other bytes stay as they are', async () => {
  const allowed = "/-._~:/?[]@!$&'()*+,;=%2Fabcxyz0189ABCXYZ"

  expect(await uriOf(get(allowed))).toBe(`https://api.example.com${allowed}`)
})

test('OPTIONS * and CONNECT name only the authority', async () => {
  expect(await uriOf(get('*'))).toBe('https://api.example.com')
  expect(await uriOf({ ':method': 'CONNECT', ':authority': 'db.example.com:5432' })).toBe(
    'http://db.example.com:5432',
  )
})

test('a request without a host has the address it came in at', async () => {
  expect(await uriOf({ ':method': 'GET', ':path': '/x' })).toBe('http://127.0.0.1:10000/x')
  expect(await uriOf({ ':method': 'GET', ':path': '/x' }, { 'destination.address': null })).toBe(
    'http://unknown.invalid/x',
  )
})

test.each(['/var/run/gateway.sock', 'envoy://internal_listener/', 'not an address', '[::1'])(
  'without a host, and an address that is none of IP, it is unknown.invalid: %s',
  async (address) => {
    const uri = await uriOf({ ':method': 'GET', ':path': '/y' }, { 'destination.address': address })

    expect(uri).toBe('http://unknown.invalid/y')
  },
)

test('an IPv6 address it came in at is a host, too', async () => {
  const uri = await uriOf(
    { ':method': 'GET', ':path': '/y' },
    { 'destination.address': '[2001:db8::1]:8443' },
  )

  expect(uri).toBe('http://[2001:db8::1]:8443/y')
})

test.each([
  ['joe:pw@api.test', 'http://api.test/x'],
  ['joe@api.test:8080', 'http://api.test:8080/x'],
  ['joe:p@w@api.test', 'http://api.test/x'],
  ['@api.test', 'http://api.test/x'],
  ['joe:pw@', 'http://127.0.0.1:10000/x'],
])('credentials in a host are left out: %s', async (authority, uri) => {
  expect(await uriOf({ ':method': 'GET', ':path': '/x', ':authority': authority })).toBe(uri)
})
