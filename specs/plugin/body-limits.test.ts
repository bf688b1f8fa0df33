import { expect, test } from 'vitest'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

const exchange = (request: string | string[], response: string | string[]) => ({
  request: { method: 'POST', body: request },
  response: { body: response },
})

test('a body as long as the limit is captured, one byte more is left out', async () => {
  const options = { request_max_body_size_limit: 10, response_max_body_size_limit: 5 }

  const within = await eventOf(exchange('0123456789', '01234'), options)
  const beyond = await eventOf(exchange('0123456789x', '01234x'), options)

  expect(within.request.body).toBe(Buffer.from('0123456789').toString('base64'))
  expect(within.response?.body).toBe(Buffer.from('01234').toString('base64'))
  expect(schemaErrors(beyond)).toEqual([])
  expect(beyond.request).toMatchObject({
    transfer_encoding: 'json',
    body: { msg: 'body left out: longer than request_max_body_size_limit', length: 11 },
  })
  expect(beyond.response).toMatchObject({
    transfer_encoding: 'json',
    body: { msg: 'body left out: longer than response_max_body_size_limit', length: 6 },
  })
})

test('the default limits are 100000 bytes a side', async () => {
  const within = await eventOf(exchange('x'.repeat(100_000), ''))
  const beyond = await eventOf(exchange('', 'x'.repeat(100_001)))

  expect(within.request.transfer_encoding).toBe('base64')
  expect(beyond.response?.body).toMatchObject({ length: 100_001 })
})

test('the length counts all that passed, also after the limit', async () => {
  const chunks = Array.from({ length: 50 }, () => 'x'.repeat(1000))

  const event = await eventOf(exchange(chunks, ''), { request_max_body_size_limit: 2500 })

  expect(event.request.body).toMatchObject({ length: 50_000 })
})

test('a limit of 0 leaves every body out', async () => {
  const event = await eventOf(exchange('x', ''), { request_max_body_size_limit: 0 })

  expect(event.request.body).toMatchObject({ length: 1 })
  expect(event.response).not.toHaveProperty('body')
})

test('what is known to be too long is not read from the host', async () => {
  const emulator = await startPlugin({ request_max_body_size_limit: 1000 })
  const before = emulator.hostCalls.of('proxy_get_buffer_bytes').bytes

  emulator.worker(0).exchange(exchange(['x'.repeat(1001), ...Array<string>(20).fill('y')], ''))

  expect(emulator.hostCalls.of('proxy_get_buffer_bytes').bytes).toBe(before)
})

test('says so without metadata too', async () => {
  const options = { disable_metadata: true, request_max_body_size_limit: 1 }

  const event = await eventOf(exchange('long', ''), options)

  expect(event.request.body).toMatchObject({ length: 4 })
})

test('many slow uploads at once lose their bodies, not their events, and memory stays bounded', async () => {
  const emulator = await startPlugin({
    request_max_body_size_limit: 1_000_000,
    batch_max_size: 1000,
    batch_max_bytes: 1_000_000,
  })
  const chunk = Buffer.alloc(1_000_000, 'x')
  const streams = Array.from({ length: 70 }, () => emulator.worker(0).stream())
  for (const stream of streams) {
    stream.requestHeaders({ ':method': 'POST', ':path': '/', ':authority': 'a' })
    stream.requestBody(chunk)
  }

  expect(emulator.memoryPages * 65_536).toBeLessThan(100 * 1024 * 1024)
  for (const stream of streams) stream.end()
  const bodies = eventsOf(emulator).map((event) => event.request.body)
  expect(bodies).toHaveLength(70)
  expect(bodies).toContainEqual({
    msg: 'body left out: too many bodies are being captured at once',
    length: 1_000_000,
  })
})
