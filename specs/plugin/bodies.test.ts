import { expect, test } from 'vitest'
import type { BodyScript } from '#sandbox/emulated-plugin/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

/** What a request with this body becomes: the two fields of the event. */
const sent = async (type: string, body: BodyScript) => {
  const headers: Record<string, string> = type ? { 'content-type': type } : {}
  const event = await eventOf({ request: { method: 'POST', headers, body } })
  expect(schemaErrors(event)).toEqual([])
  return [event.request.transfer_encoding, event.request.body]
}
const upgradeTo = (protocol: string, connection = 'Upgrade') => ({ upgrade: protocol, connection })
const base64 = (body: string | Uint8Array) => ['base64', Buffer.from(body).toString('base64')]

test.each([
  'application/json',
  'APPLICATION/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/json ; a=b',
  'text/json',
  'application/problem+json',
  'application/vnd.api+json; version=1',
])('JSON of the type %s is embedded', async (type) => {
  expect(await sent(type, '{"a":[1,true,null,"é"]}')).toEqual(['json', { a: [1, true, null, 'é'] }])
})

test.each([
  '',
  'text/plain',
  'application/jsonp',
  'application/json-seq',
  'json',
  'application/xml',
])('JSON of the type "%s" is not taken for JSON', async (type) => {
  expect(await sent(type, '{"a":1}')).toEqual(base64('{"a":1}'))
})

test('any JSON value is a body', async () => {
  for (const text of ['"text"', '42', '-1.5e-3', 'true', 'null', '[]', '{}', ' [ 1 , 2 ] \n']) {
    expect(await sent('application/json', text), text).toEqual(['json', JSON.parse(text)])
  }
})

test('JSON that does not parse is base64, and says so', async () => {
  for (const text of [
    '{"a":',
    '{"a":1}}',
    '{a:1}',
    '[1,]',
    'nul',
    '01',
    '"\n"',
    'NaN',
    '{"a":1} x',
  ]) {
    expect(await sent('application/json', text), text).toEqual(base64(text))
  }
})

test('a byte order mark is not part of the JSON', async () => {
  expect(await sent('application/json', '\ufeff{"a":1}')).toEqual(['json', { a: 1 }])
})

test('JSON with bytes that are no UTF-8 is base64', async () => {
  const body = Buffer.from([0x22, 0xff, 0x22])

  expect(await sent('application/json', body)).toEqual(base64(body))
})

test('plain JSON is embedded whatever its content-encoding claims: a later filter may have compressed it', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'br' }

  const event = await eventOf({ response: { headers, body: '{"a":1}' } })

  expect(event.response).toMatchObject({ transfer_encoding: 'json', body: { a: 1 } })
})

test('binary of every byte and length comes through', async () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  const lengths = Array.from({ length: 40 }, (_, i) => i + 1)
  for (const length of [...lengths, 255, 256]) {
    const body = all.subarray(256 - length)
    expect(await sent('application/octet-stream', body)).toEqual(base64(body))
  }
})

test('every digit of base64 stands for its six bits wherever it is', async () => {
  const digits = Array.from({ length: 64 }, (_, i) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charAt(i),
  )
  const text = Array.from({ length: 16 }, (_, turn) => [
    ...digits.slice(turn),
    ...digits.slice(0, turn),
  ])
    .flat()
    .join('')

  expect(await sent('application/octet-stream', Buffer.from(text, 'base64'))).toEqual([
    'base64',
    text,
  ])
})

test('JSON in an embedded body is as the client wrote it, blanks and big numbers included', async () => {
  const text = '{ "id": 12345678901234567890,\n\t"id": 1e400 }'

  expect(await sent('application/json', text)).toEqual(['json', JSON.parse(text)])
})

test('a body in chunks of one byte is one body', async () => {
  const text = JSON.stringify({ text: 'été '.repeat(50) })
  const chunks = Array.from(Buffer.from(text), (byte) => Buffer.from([byte]))

  expect(await sent('application/json', chunks)).toEqual(['json', JSON.parse(text)])
})

test('a body that is empty is none', async () => {
  expect(await sent('application/json', '')).toEqual([undefined, undefined])
  expect(await sent('application/json', ['', ''])).toEqual([undefined, undefined])
})

test('answers to HEAD, 204 and 304 have no body', async () => {
  const head = await eventOf({ request: { method: 'HEAD' }, response: { body: 'never sent' } })
  const empty = await eventOf({ response: { status: 204 } })
  const same = await eventOf({ response: { status: 304 } })

  for (const { response } of [head, empty, same]) {
    expect(response).not.toHaveProperty('body')
    expect(response).not.toHaveProperty('transfer_encoding')
  }
})

test('with trailers no chunk ends the stream, and the bodies are there all the same', async () => {
  const message = Buffer.from([0, 0, 0, 0, 2, 8, 1])
  const headers = { 'content-type': 'application/grpc' }

  const event = await eventOf({
    protocol: 'HTTP/2',
    request: { method: 'POST', headers, body: [message, message], trailers: { 'x-end': '1' } },
    response: { headers, body: message, trailers: { 'grpc-status': '0' } },
  })

  expect([event.request.transfer_encoding, event.request.body]).toEqual(
    base64(Buffer.concat([message, message])),
  )
  expect([event.response?.transfer_encoding, event.response?.body]).toEqual(base64(message))
})

test('frames of an upgraded connection are no bodies', async () => {
  const event = await eventOf({
    request: { headers: { upgrade: 'websocket', connection: 'upgrade' }, body: ['frame'] },
    response: { status: 101, body: ['frame', 'frame'] },
  })

  expect(schemaErrors(event)).toEqual([])
  expect(event.response?.status).toBe(101)
  expect(event.request).not.toHaveProperty('body')
  expect(event.response).not.toHaveProperty('body')
})

test.each([
  ['CONNECT', { method: 'CONNECT' }, 200],
  ['CONNECT answered 204', { method: 'CONNECT' }, 204],
  [
    'upgrade answered 200, as Envoy shows UDP over HTTP',
    { headers: upgradeTo('connect-udp') },
    200,
  ],
  ['switch that nobody asked for', { method: 'POST' }, 101],
  ['upgrade whose connection has other tokens', { headers: upgradeTo('a', 'x, UPGRADE ') }, 101],
])('what passes a tunnel is no body: %s', async (_, request, status) => {
  const event = await eventOf({
    request: { ...request, body: 'in' },
    response: { status, body: 'out' },
  })

  expect(schemaErrors(event)).toEqual([])
  expect([event.request.body, event.response?.body]).toEqual([undefined, undefined])
})

test.each([
  ['CONNECT that is refused', { method: 'CONNECT' }, { status: 403 }],
  ['upgrade that is refused', { headers: upgradeTo('websocket') }, { status: 400 }],
  [
    'upgrade that the upstream knows nothing of',
    { headers: upgradeTo('websocket') },
    { status: 200, headers: { 'content-length': '3' } },
  ],
])('an answer to %s has a body, the request has none', async (_, request, response) => {
  const event = await eventOf({
    request: { ...request, body: 'in' },
    response: { ...response, body: 'out' },
  })

  expect([event.request.body, event.response?.body]).toEqual([undefined, 'b3V0'])
})

test('an upgrade header that asks for nothing leaves the bodies alone', async () => {
  const headers = { upgrade: 'h2c', connection: 'keep-alive' }

  const event = await eventOf({
    request: { method: 'POST', headers, body: 'in' },
    response: { body: 'out' },
  })

  expect([event.request.body, event.response?.body]).toEqual(['aW4=', 'b3V0'])
})

test("the HTTP header transfer-encoding has nothing to do with the event's", async () => {
  const headers = { 'transfer-encoding': 'chunked' }

  const event = await eventOf({
    request: { method: 'POST', headers, body: 'x' },
    response: { headers },
  })

  expect(event.request.transfer_encoding).toBe('base64')
  expect(event.response).not.toHaveProperty('transfer_encoding')
})

test('each side can be switched off, and is then not even read', async () => {
  const script = { request: { method: 'POST', body: 'in' }, response: { body: 'out' } }

  const noRequest = await eventOf(script, { disable_capture_request_body: true })
  const noResponse = await eventOf(script, { disable_capture_response_body: true })

  expect([noRequest.request.body, noRequest.response?.body]).toEqual([undefined, 'b3V0'])
  expect([noResponse.request.body, noResponse.response?.body]).toEqual(['aW4=', undefined])
})

test('a byte order mark before what is no JSON stays where it was', async () => {
  for (const text of ['\ufeff{"a":', '\ufeffnul']) {
    expect(await sent('application/json', text), text).toEqual(base64(text))
  }
})

test('a body without a content type is not taken for what the body before it was', async () => {
  const event = await eventOf({
    request: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    response: { body: '{}' },
  })

  expect(event.request).toMatchObject({ transfer_encoding: 'json', body: {} })
  expect(event.response).toMatchObject({ transfer_encoding: 'base64', body: 'e30=' })
})
