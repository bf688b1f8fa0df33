import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MoesifEmulator, type ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import {
  APPLICATION_ID,
  eventOf,
  eventsOf,
  pluginBytes,
  startPlugin,
} from './support/plugin-under-test.ts'

/** Bytes that RFC 3986 allows in a URI, with `%`, and those that Envoy's path may have besides. */
const ALLOWED =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"

const encoded = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte)
    return ALLOWED.includes(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

const request = { ':method': 'GET', ':authority': 'a', ':scheme': 'http' }

/** The URIs of requests with these paths. */
async function urisOf(paths: (string | Uint8Array)[]): Promise<(string | undefined)[]> {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  for (const path of paths) {
    const stream = emulator.worker(0).stream()
    stream.requestHeaders([...Object.entries(request), [':path', path]], { endOfStream: true })
    stream.end({ responseHeaders: { ':status': '200' } })
  }
  return eventsOf(emulator).map((event) => event.request.uri)
}

test('every byte of a path is encoded or not as it is alone, wherever it stands', async () => {
  const all = Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1))
  const turned = Array.from({ length: 17 }, (_, turn) =>
    Buffer.concat([Buffer.from(`/${'x'.repeat(turn)}`), all]),
  )
  expect(await urisOf(turned)).toEqual(turned.map((path) => `http://a${encoded(path)}`))

  const marked = Array.from({ length: 36 }, (_, length) =>
    Array.from({ length }, (__, at) =>
      Buffer.from(`/${'x'.repeat(at)}"${'y'.repeat(length - at)}`),
    ),
  ).flat()
  expect(await urisOf(marked)).toEqual(marked.map((path) => `http://a${encoded(path)}`))
})

test('a path that does not begin with a slash gets one, except the asterisk', async () => {
  expect(await urisOf(['x/y', '?q', 'x', '*', '*x', '/*', '/', ''])).toEqual([
    'http://a/x/y',
    'http://a/?q',
    'http://a/x',
    'http://a',
    'http://a',
    'http://a/*',
    'http://a/',
    'http://a',
  ])
})

test.each([
  ['https', 'https'],
  ['HTTPS', 'https'],
  ['https,http', 'https'],
  ['https http', 'https'],
  ['http', 'http'],
  ['httpsx', 'http'],
  ['', 'http'],
])('of x-forwarded-proto "%s" the scheme is %s', async (proto, scheme) => {
  const headers = { 'x-forwarded-proto': proto }
  const event = await eventOf({ request: { scheme: 'http', headers } })

  expect(event.request.uri.split(':')[0]).toBe(scheme)
})

test.each([
  [0n, undefined],
  [1n, 'LH'],
  [2n ** 29n, 'UDO'],
  [2n ** 30n, undefined],
  [2n ** 40n + 2n ** 29n + 2n, 'UH,UDO'],
  [2n ** 62n + 4n, 'UT'],
])('of the response flags %s these are named: %s', async (flags, names) => {
  const event = await eventOf({
    response: { localReply: 'by-router', status: 500 },
    properties: { 'response.flags': flags },
  })

  expect(event.metadata?.['response_flags'] || undefined).toBe(names)
})

test.each([
  ['0', 0],
  ['7', 7],
])('the gRPC status %s is there', async (text, status) => {
  const headers = { 'content-type': 'application/grpc' }
  const event = await eventOf({
    protocol: 'HTTP/2',
    request: { method: 'POST', headers, body: 'x', trailers: {} },
    response: { headers, body: 'y', trailers: { 'grpc-status': text } },
  })

  expect(event.metadata?.['grpc_status']).toBe(status)
})

test('an empty request id is none', async () => {
  const event = await eventOf({ request: { headers: { 'x-request-id': '' } } })

  expect(event.metadata).not.toHaveProperty('request_id')
})

const LEFT_OUT = 'body left out: '
const NOT_MASKABLE = `${LEFT_OUT}it cannot be masked, since it is neither JSON nor a form`

/** What becomes of a response body of a type whose members `a` are to be masked. */
async function masked(
  type: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  const event = await eventOf(
    { response: { headers: { ...(type && { 'content-type': type }), ...headers }, body } },
    { response_body_masks: ['a'] },
  )
  const shown = event.response?.body
  if (typeof shown !== 'string') return (shown as { msg?: string }).msg ?? shown
  return Buffer.from(shown, 'base64').toString()
}

test.each([
  ['application/json', { a: '*****' }],
  ['application/JSON;x=y', { a: '*****' }],
  ['a/json', { a: '*****' }],
  ['x+json', { a: '*****' }],
  ['application/x-ndjson', '{"a":"*****"}'],
  ['application/ndjson', '{"a":"*****"}'],
  ['application/jsonl', '{"a":"*****"}'],
  ['Application/X-JSONLines ; x', '{"a":"*****"}'],
  ['application/x-www-form-urlencoded', '{"a":"*****"}'],
  ['/json', NOT_MASKABLE],
  ['+json', NOT_MASKABLE],
  ['json', NOT_MASKABLE],
  ['application/xjson', NOT_MASKABLE],
  ['application/jsonx', NOT_MASKABLE],
  ['application/x-ndjsonl', NOT_MASKABLE],
  ['application/jsonlines', NOT_MASKABLE],
  [';application/json', NOT_MASKABLE],
  ['text/plain', NOT_MASKABLE],
  ['', NOT_MASKABLE],
])('JSON of the type "%s" is masked as %j', async (type, expected) => {
  expect(await masked(type, '{"a":1}')).toEqual(expected)
})

test('what cannot be masked says why', async () => {
  const cut = gzipSync('{"a":1}').subarray(0, 12)
  const gzip = { 'content-encoding': 'gzip' }

  expect(await masked('application/json', '{"a":')).toBe(
    `${LEFT_OUT}it cannot be masked, since it is no valid JSON`,
  )
  expect(await masked('application/x-ndjson', '{"a":')).toBe(
    `${LEFT_OUT}it cannot be masked, since it is no valid JSON`,
  )
  expect(await masked('application/x-www-form-urlencoded', 'a=1&b=2')).toBe('a=*****&b=2')
  expect(await masked('application/x-www-form-urlencoded', '[1')).toBe(NOT_MASKABLE)
  expect(await masked('application/json', cut, gzip)).toBe(
    `${LEFT_OUT}it cannot be masked, since it is compressed`,
  )
  expect(await masked('application/x-www-form-urlencoded', cut, gzip)).toBe(
    `${LEFT_OUT}it cannot be masked, since it is compressed`,
  )
  expect(await masked('application/json', '{"a":1}', { 'content-encoding': 'br' })).toEqual({
    a: '*****',
  })
})

test('gzip is known by its first three bytes when there are more', async () => {
  const start = Buffer.from([0x1f, 0x8b, 0x08])
  const invalid = `${LEFT_OUT}it cannot be masked, since it is no valid JSON`
  const compressed = `${LEFT_OUT}it cannot be masked, since it is compressed`

  expect(await masked('application/json', start)).toBe(invalid)
  expect(await masked('application/json', Buffer.concat([start, Buffer.from([0])]))).toBe(
    compressed,
  )
  expect(await masked('application/json', gzipSync('{"a":1}'))).toEqual({ a: '*****' })
  for (let at = 0; at < 3; at++) {
    const other = Buffer.concat([start, Buffer.from([0])])
    other[at]! += 1
    expect(await masked('application/json', other)).toBe(invalid)
  }
})

test('a body of which nothing is left when it is decompressed is none', async () => {
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
  const event = await eventOf({ response: { headers, body: gzipSync('') } })

  expect(event.response).not.toHaveProperty('body')
})

test('the limit of a configuration holds for what is decompressed, after smaller and larger ones of others', async () => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const limits = [1000, 60_000, 500, 90_000, 60_000]
  const text = Array.from({ length: 20_000 }, (_, i) => i * 7).join()
  const plugins = limits.map((limit, i) =>
    emulator.configure(
      { moesif_application_id: APPLICATION_ID, response_max_body_size_limit: limit },
      { rootId: `${i}` },
    ),
  )
  const play = (plugin: (typeof plugins)[number], size: number) => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'text/plain' }
    emulator
      .worker(0)
      .exchange({ response: { headers, body: gzipSync(text.slice(0, size)) } }, plugin)
    return eventsOf(emulator).at(-1)?.response
  }
  for (const [i, limit] of limits.entries()) {
    expect(play(plugins[i]!, limit)?.body, `${i}`).toBe(
      Buffer.from(text.slice(0, limit)).toString('base64'),
    )
    expect(play(plugins[i]!, limit + 1)?.body).toMatchObject({
      msg: `${LEFT_OUT}longer than response_max_body_size_limit when decompressed`,
    })
    expect(emulator.traps).toEqual([])
  }
})

const kept = (body: unknown) => (typeof body === 'string' ? 'kept' : 'left out')

test.each<[what: string, script: ExchangeScript, request: unknown, response: unknown]>([
  [
    'request',
    {
      request: { method: 'POST', body: 'x'.repeat(600_000) },
      response: { body: 'y'.repeat(599_999) },
    },
    'left out',
    'kept',
  ],
  [
    'response',
    {
      request: { method: 'POST', body: 'x'.repeat(599_999) },
      response: { body: 'y'.repeat(600_000) },
    },
    'kept',
    'left out',
  ],
  [
    'response of equal ones',
    {
      request: { method: 'POST', body: 'x'.repeat(600_000) },
      response: { body: 'y'.repeat(600_000) },
    },
    'kept',
    'left out',
  ],
])(
  'of two bodies too long for an event the longer one goes: the %s',
  async (_, script, ofRequest, ofResponse) => {
    const event = await eventOf(script, {
      request_max_body_size_limit: 1_000_000,
      response_max_body_size_limit: 1_000_000,
    })

    expect([kept(event.request.body), kept(event.response?.body)]).toEqual([ofRequest, ofResponse])
  },
)

test('each body is captured for its content type by itself', async () => {
  const event = await eventOf(
    {
      request: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a' },
      response: { headers: { 'content-type': 'image/png' }, body: 'b' },
    },
    { capture_body_content_types: ['application/json', 'image/*'] },
  )

  expect(event.request.body).toEqual({
    msg: `${LEFT_OUT}its content type is not in capture_body_content_types`,
    length: 1,
  })
  expect(event.response?.body).toBe('Yg==')
})

test('a weight of one is not written', async () => {
  const emulator = await startPlugin()
  emulator.collector.answerFetches({ status: 200, body: '{"sample_rate":100}' })
  emulator.advance(6000)
  emulator.worker(0).exchange()

  expect(eventsOf(emulator)[0]).not.toHaveProperty('weight')
})

test('allowed names and patterns are each enough, and a mask of either kind wins', async () => {
  const headers = { 'x-a': '1', 'x-b1': '2', 'x-b2': '3', 'x-c': '4', 'x-d': '5' }
  const event = await eventOf(
    { request: { headers } },
    {
      request_header_allow: ['x-a', 'x-d', 'x-b*', 'x-e*'],
      request_header_masks: ['x-d', '*-b2'],
    },
  )

  expect(event.request.headers).toEqual({ 'x-a': '1', 'x-b1': '2' })
})

test('values that grow when they are masked leave each other alone', async () => {
  const cookie = 'k=1; '.repeat(300)
  const uri = `/?${'k=1&'.repeat(300)}`
  const pairs = Array.from({ length: 6 }, (_, i): [string, string] => [`x-${i}`, `${uri}${i}`])
  const cookies = Array.from({ length: 6 }, (_, i): [string, string] => ['cookie', `${cookie}${i}`])
  const event = await eventOf(
    { request: { headers: [...pairs, ...cookies] } },
    { request_query_masks: ['k'], request_header_masks: ['cookie:k'] },
  )
  const { headers } = event.request

  for (const [name, value] of pairs) expect(headers[name]).toBe(value.replaceAll('k=1', 'k=*****'))
  expect(headers['cookie']).toBe(
    cookies.map(([, value]) => value.replaceAll('k=1', 'k=*****')).join(),
  )
})

test('a header that is masked is not searched for parameters, and all others are, however many', async () => {
  const uri = 'http://a/?k=secret'
  const pairs = Array.from({ length: 40 }, (_, i): [string, string] => [`x-${i}`, `${uri}&n=${i}`])
  const event = await eventOf(
    { request: { headers: pairs } },
    { request_query_masks: ['k'], request_header_masks: ['x-7'] },
  )
  const { headers } = event.request

  expect(headers).not.toHaveProperty('x-7')
  for (const [name] of pairs.filter(([key]) => key !== 'x-7')) {
    expect(headers[name]).toBe(`http://a/?k=*****&n=${name.slice(2)}`)
  }
})
