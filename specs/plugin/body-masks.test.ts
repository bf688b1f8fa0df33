import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf } from './support/plugin-under-test.ts'

const MASKS = { request_body_masks: ['password', '$.card.number'] }

type Headers = Record<string, string>

/** What becomes of a request body: `transfer_encoding` and `body`, base64 decoded. */
async function sent(
  body: string | Uint8Array,
  headers: Headers | string,
  options: Record<string, unknown> = MASKS,
) {
  const all = typeof headers === 'string' ? { 'content-type': headers } : headers
  const event = await eventOf({ request: { method: 'POST', headers: all, body } }, options)
  expect(schemaErrors(event)).toEqual([])
  const { transfer_encoding: encoding, body: written } = event.request
  if (encoding === 'base64') return Buffer.from(written as string, 'base64').toString()
  return written
}

const leftOut = (why: string, length: number) => ({ msg: `body left out: ${why}`, length })

test('members of JSON are masked by name and by path', async () => {
  const body = JSON.stringify({ user: { Password: 'hunter2' }, card: { number: 1, name: 'A' } })

  expect(await sent(body, 'application/json')).toEqual({
    user: { Password: '*****' },
    card: { number: '*****', name: 'A' },
  })
  expect(await sent(`\ufeff${body}`, 'application/vnd.api+json; charset=utf-8')).toMatchObject({
    user: { Password: '*****' },
  })
})

test('variables of GraphQL are masked like any member', async () => {
  const body = JSON.stringify({
    query: 'mutation($p:String!){login(p:$p)}',
    variables: { password: 'x' },
  })

  expect(await sent(body, 'application/json')).toMatchObject({ variables: { password: '*****' } })
})

test('masks of requests are not masks of responses', async () => {
  const event = await eventOf(
    {
      response: {
        headers: { 'content-type': 'application/json' },
        body: '{"password":1,"token":2}',
      },
    },
    { ...MASKS, response_body_masks: ['token'] },
  )

  expect(event.response?.body).toEqual({ password: 1, token: '*****' })
})

test('forms and documents a line are masked, and stay what they were', async () => {
  expect(await sent('a=1&password=x', 'application/x-www-form-urlencoded')).toBe(
    'a=1&password=*****',
  )
  const types = ['x-ndjson', 'ndjson; a=b', 'jsonl', 'x-jsonlines', 'X-NDJSON']
  for (const type of types.map((name) => `application/${name}`)) {
    expect(await sent('{"a":1}\n{"password":"x"}\n', type)).toBe('{"a":1}\n{"password":"*****"}\n')
  }
})

test('what cannot be masked is left out, and says why', async () => {
  const none = 'it cannot be masked, since it is no valid JSON'
  const other = 'it cannot be masked, since it is neither JSON nor a form'
  const broken = '{"password":"hunter2"'
  const deep = `${'['.repeat(257)}${']'.repeat(257)}`

  expect(await sent(broken, 'application/json')).toEqual(leftOut(none, broken.length))
  expect(await sent(`{}\n${broken}`, 'application/x-ndjson')).toEqual(
    leftOut(none, 3 + broken.length),
  )
  expect(await sent(deep, 'application/json')).toEqual(leftOut(none, 514))
  for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
    expect(await sent('password=hunter2', type), type).toEqual(leftOut(other, 16))
  }
  expect(await sent('{"password":1}', {})).toEqual(leftOut(other, 14))
})

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
])('JSON compressed with %s is JSON, and can be masked', async (encoding, compress) => {
  const body = compress('{"password":"x","a":[1]}')
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding }

  expect(await sent(body, headers, {})).toEqual({ password: 'x', a: [1] })
  expect(await sent(body, headers)).toEqual({ password: '*****', a: [1] })
})

test('other compressed bodies are decompressed, too', async () => {
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' }

  expect(await sent(gzipSync('plain text'), headers, {})).toBe('plain text')
})

test('a body that another filter compresses behind this one is read as it passed here', async () => {
  const event = await eventOf({
    response: {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: '{"a":1}',
    },
  })

  expect(event.response?.body).toEqual({ a: 1 })
})

test('compressed JSON whose header another filter took off is JSON', async () => {
  expect(await sent(gzipSync('{"password":1}'), 'application/json')).toEqual({ password: '*****' })
})

test('what is compressed with anything else stays base64, and under masks is left out', async () => {
  const body = brotliCompressSync('{"password":1}')
  const headers = { 'content-type': 'application/json', 'content-encoding': 'br' }
  const why = 'it cannot be masked, since it is compressed'

  expect(await sent(body, headers, {})).toBe(body.toString())
  expect(await sent(body, headers)).toEqual(leftOut(why, body.length))
})

test('disable_body_decompression leaves compressed bodies as they are', async () => {
  const body = gzipSync('{"password":1}')
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const options = { disable_body_decompression: true }

  expect(await sent(body, headers, options)).toBe(body.toString())
  expect(await sent(body, headers, { ...options, ...MASKS })).toEqual(
    leftOut('it cannot be masked, since it is compressed', body.length),
  )
})

test('a broken compressed body is base64, and under masks is left out', async () => {
  const body = gzipSync('{"password":1}').subarray(0, -4)
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }

  expect(await sent(body, headers, {})).toBe(body.toString())
  expect(await sent(body, headers)).toMatchObject({ length: body.length })
})

test('the limit of a body counts after decompression, too', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const body = gzipSync(JSON.stringify('x'.repeat(998)))
  const at = { request_max_body_size_limit: 1000 }
  const below = { request_max_body_size_limit: 999 }

  expect(await sent(body, headers, at)).toBe('x'.repeat(998))
  expect(await sent(body, headers, below)).toEqual(
    leftOut('longer than request_max_body_size_limit when decompressed', body.length),
  )
})

test('a compressed body of nothing is no body', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }

  expect(await sent(gzipSync(''), headers, {})).toBeUndefined()
})

test('only bodies of the content types in the list are captured', async () => {
  const options = { capture_body_content_types: ['application/*json', 'TEXT/*'] }
  const why = 'its content type is not in capture_body_content_types'

  expect(await sent('{}', 'application/problem+json; a=b', options)).toEqual({})
  expect(await sent('text', 'Text/Plain', options)).toBe('text')
  expect(await sent('<a/>', 'application/xml', options)).toEqual(leftOut(why, 4))
  expect(await sent('x', {}, options)).toEqual(leftOut(why, 1))
})

test('what is masked stays masked when the event is too long for its other body', async () => {
  const json = { 'content-type': 'application/json' }
  const event = await eventOf(
    {
      request: { method: 'POST', headers: json, body: '{"password":"hunter2"}' },
      response: { headers: json, body: JSON.stringify('x'.repeat(999_900)) },
    },
    { ...MASKS, response_max_body_size_limit: 1_000_000 },
  )

  expect(event.request.body).toEqual({ password: '*****' })
  expect(event.response?.body).toMatchObject({ msg: expect.stringContaining('body left out') })
})

test('metadata of the configuration is in every event', async () => {
  const metadata = { environment: 'production', tags: ['a'], 'quo"te': null }

  expect((await eventOf({}, { metadata })).metadata).toMatchObject({
    ...metadata,
    plugin: expect.stringContaining('moesif'),
  })
  expect((await eventOf({}, { metadata, disable_metadata: true })).metadata).toEqual(metadata)
  expect((await eventOf({}, { metadata: {}, disable_metadata: true })).metadata).toBeUndefined()
})
