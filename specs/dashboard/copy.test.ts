import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchange, type Exchange } from './exchange.ts'
import { Recorder, type Recorded } from './recorder.ts'
import { openScene, postEvents, type Scene } from './scene.ts'

const run = promisify(execFile)
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>
let scene: Scene
let recorder: Recorder

beforeAll(async () => {
  recorder = await Recorder.start()
  scene = await openScene({ context: { permissions: ['clipboard-read', 'clipboard-write'] } })
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
  await recorder[Symbol.asyncDispose]()
})

const base64 = (bytes: Uint8Array) => ({
  requestBody: Buffer.from(bytes).toString('base64'),
  encoding: 'base64' as const,
})

type Kind = 'curl' | 'fetch' | 'assertion'

async function pressCopy(kind: Kind): Promise<void> {
  await scene.button('Copy ▾').click()
  await scene.button(`Copy ${kind}`).click()
}

/** What gets into the clipboard by that. */
async function copiedBy(press: () => Promise<void>): Promise<string> {
  await scene.page.evaluate(() => navigator.clipboard.writeText(''))
  await press()
  let text = ''
  await expect
    .poll(async () => (text = await scene.page.evaluate(() => navigator.clipboard.readText())))
    .not.toBe('')
  return text
}

const copied = (kind: Kind) =>
  copiedBy(() => (kind === 'curl' ? scene.page.keyboard.press('c') : pressCopy(kind)))

async function openEvent(id: number | undefined): Promise<void> {
  await scene.go(`?event=${id}`)
  await scene.detail.getByRole('heading', { name: `Event ${id}`, exact: true }).waitFor()
}

/** Captures that request, and opens its event. */
async function captured(said: Exchange): Promise<void> {
  const user = crypto.randomUUID()
  const uri = recorder.url + (said.uri ?? '/orders')
  await scene.post([exchange({ verb: 'POST', ...said, uri, user })])
  const { events } = await scene.mock.application('shop').tryAwaitEvents({ where: `user:${user}` })
  await openEvent(events[0]?.id)
}

/** Runs what was copied, and returns what came of it at the server. */
async function ran(kind: Kind, text: string): Promise<Recorded> {
  const before = recorder.requests.length
  if (kind === 'curl') await run('sh', ['-c', `${text.replace('curl ', 'curl -sS -m 10 ')}`])
  else await new AsyncFunction(text)()
  const [request] = recorder.requests.slice(before)
  if (!request) throw new Error(`Nothing was sent by: ${text}`)
  return request
}

const sent = async (kind: Kind) => ran(kind, await copied(kind))

const binary = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const bodies: [name: string, said: Exchange, bytes: string | Buffer][] = [
  ['quotes of a shell', { requestBody: { a: `b'c"\\$(id)\`` } }, '{"a":"b\'c\\"\\\\$(id)`"}'],
  ['every byte', base64(binary), binary],
  ['gzip', base64(gzipSync('{"a":1}')), gzipSync('{"a":1}')],
  ['a NUL in text', base64(Buffer.from('a\0b\n')), 'a\0b\n'],
  ['a line break at the end', base64(Buffer.from('a\r\n\n')), 'a\r\n\n'],
  ['a byte order mark', base64(Buffer.from('\ufeff{}')), '\ufeff{}'],
  ['@ at the beginning', base64(Buffer.from('@/etc/hostname')), '@/etc/hostname'],
]

test.each(bodies)('a body with %s is sent as it was captured', async (_, said, bytes) => {
  await captured(said)
  for (const kind of ['curl', 'fetch'] as const) {
    const { method, body } = await sent(kind)
    expect(method).toBe('POST')
    expect(body.toString('latin1')).toBe(Buffer.from(bytes).toString('latin1'))
  }
})

test.each([
  ['a string', '"just text"'],
  ['null', 'null'],
  ['spaces, digits and order', '{ "b": 1.0,\n "a": 12345678901234567890 }'],
])('a JSON body that is %s is sent byte for byte', async (_, json) => {
  const text = JSON.stringify(exchange({ verb: 'POST', uri: `${recorder.url}/json`, user: 'json' }))
  const raw = text.replace('"ip_address"', `"transfer_encoding":"json","body":${json},"ip_address"`)
  await fetch(`${scene.mock.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'exact' },
    body: raw,
  })
  const records = await scene.mock.application('exact').events()
  await openEvent(records.at(-1)?.id)
  for (const kind of ['curl', 'fetch'] as const)
    expect((await sent(kind)).body.toString()).toBe(json)
})

test('a body that was captured decoded is not sent as if it were compressed', async () => {
  const requestHeaders = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
  await captured({ requestBody: { a: 1 }, requestHeaders })
  for (const kind of ['curl', 'fetch'] as const) {
    const text = await copied(kind)
    expect(text).toContain('content-encoding: gzip is left out')
    const { body, headers } = await ran(kind, text.split('\n').slice(1).join('\n'))
    expect(body.toString()).toBe('{"a":1}')
    expect(headers['content-encoding']).toBeUndefined()
  }
  await captured({ ...base64(gzipSync('{"a":1}')), requestHeaders })
  const { body, headers } = await sent('curl')
  expect(body).toEqual(gzipSync('{"a":1}'))
  expect(headers['content-encoding']).toBe('gzip')
})

test('a body that was left out is not made up', async () => {
  const requestBody = {
    msg: 'body left out: longer than request_max_body_size_limit',
    length: 2_000_000,
  }
  await captured({ requestBody })
  for (const kind of ['curl', 'fetch'] as const) {
    const text = await copied(kind)
    expect(text).toContain('longer than request_max_body_size_limit')
    expect((await ran(kind, text.split('\n').slice(1).join('\n'))).body).toHaveLength(0)
  }
})

test.each(['/a?r=[1-3]', '/a?ids[]=1&ids[]=2', '/{a,b}', '/a%20b?q=%5B', '/a?x=$HOME'])(
  'the address %s is sent as it was captured',
  async (uri) => {
    await captured({ uri })
    for (const kind of ['curl', 'fetch'] as const) {
      const { target } = await sent(kind)
      expect(decodeURI(target)).toBe(decodeURI(uri))
      if (kind === 'curl') expect(target).toBe(uri)
    }
  },
)

test('dot segments are not squashed', async () => {
  await captured({ uri: '/a/../b/./c' })
  expect((await ran('curl', await copiedBy(() => pressCopy('curl')))).target).toBe('/a/../b/./c')
})

test('HEAD does not wait for a body', async () => {
  await captured({ verb: 'HEAD' })
  for (const kind of ['curl', 'fetch'] as const) expect((await sent(kind)).method).toBe('HEAD')
})

test('headers are those of the client: empty ones too, none of curl, none of the proxies', async () => {
  const requestHeaders = {
    'x-empty': '',
    'x-list': ['one', 'two'],
    'accept-encoding': 'br',
    'x-envoy-expected-rq-timeout-ms': '15000',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-request-id': 'made-by-envoy',
    'content-length': '9999',
    host: recorder.url.replace('http://', ''),
  }
  await captured({ requestHeaders, ...base64(Buffer.from('x')) })

  const { headers } = await sent('curl')
  const { host, 'content-length': length, connection: _, ...rest } = headers
  expect(rest).toEqual({ 'x-empty': '', 'x-list': 'one, two', 'accept-encoding': 'br' })
  expect([host, length]).toEqual([recorder.url.replace('http://', ''), '1'])
  const viaFetch = await sent('fetch')
  expect(viaFetch.headers).toMatchObject({ 'x-empty': '', 'x-list': 'one, two' })
  expect(Object.keys(viaFetch.headers).join()).not.toMatch(/envoy|forwarded|request-id/)
})

test('the assertion that is copied finds the event', async () => {
  const path = '/it\'s?a="b"'
  const user = 'o\'brien "x" \\ *'
  await postEvents(scene.mock.url, [exchange({ uri: recorder.url + path, user })], 'asserted')
  const [record] = await scene.mock.application('asserted').events()
  await openEvent(record?.id)
  const line = await copied('assertion')

  await new AsyncFunction('mock', line)(scene.mock)
})
