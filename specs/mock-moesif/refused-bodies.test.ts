import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { setupServer } from 'msw/node'
import { afterAll, expect, test } from 'vitest'
import { moesifHandlers, startMockMoesif, type MockMoesifClient } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

const KEPT = 64 * 1024
const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const plain = Buffer.from(JSON.stringify([sampleEvent()]))

/** The newest request, when its body has been kept. */
async function refused(by: MockMoesifClient = moesif) {
  await expect
    .poll(async () => (await by.requestPage({ limit: 1 })).items[0]?.bodyKept, { interval: 5 })
    .not.toBe('unread')
  return (await by.requestPage({ limit: 1 })).items[0]!
}

test.each([
  ['without an application id', 401, '/v1/events/batch', { app: null }],
  ['to a path that the collector does not have', 404, '/v2/events', {}],
  ['to be read', 405, '/v1/rules', {}],
  ['as another type', 406, '/v1/events', { headers: { 'content-type': 'text/plain' } }],
  ['in an unknown encoding', 415, '/v1/events', { headers: { 'content-encoding': 'zstd' } }],
  ['as actions that are none', 400, '/v1/actions/batch', {}],
])('keeps what was posted %s', async (_, status, path, options) => {
  expect((await post(moesif.url + path, plain, options)).status).toBe(status)

  const request = await refused()
  expect(request).toMatchObject({
    answer: status,
    bodyKept: 'whole',
    wireBytes: plain.byteLength,
  })
  expect(Buffer.from(await moesif.sentRequest(request.id))).toEqual(plain)
  expect(Buffer.from(await moesif.rawRequest(request.id))).toEqual(plain)
})

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
] as const)('keeps the start of a long body, and decodes it: %s', async (encoding, compress) => {
  const long = Buffer.from(JSON.stringify([sampleEvent(), randomBytes(200_000).toString('hex')]))
  const wire = compress(long)
  const headers = { 'content-encoding': encoding }
  await post(`${moesif.url}/v1/events`, wire, { app: null, headers })

  const { id, bodyKept } = await refused()
  const sent = Buffer.from(await moesif.sentRequest(id))
  const raw = Buffer.from(await moesif.rawRequest(id))
  expect(bodyKept).toBe('start')
  expect(sent).toEqual(wire.subarray(0, KEPT))
  expect(raw.byteLength).toBeGreaterThan(KEPT)
  expect(raw).toEqual(long.subarray(0, raw.byteLength))
})

test('keeps the start of a body that is too large, whether its length was announced or not', async () => {
  const large = Buffer.alloc(15 * 1024 * 1024 + 1, 'x')
  for (const body of [large, new Blob([large]).stream()]) {
    await fetch(`${moesif.url}/v1/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'app' },
      body,
      ...(body !== large && { duplex: 'half' }),
    } as RequestInit)

    const { id, answer, bodyKept } = await refused()
    expect([answer, bodyKept]).toEqual([413, 'start'])
    expect(Buffer.from(await moesif.sentRequest(id))).toEqual(large.subarray(0, KEPT))
  }
})

test('keeps what came of a body whose client left', async () => {
  const client = connect({ port: moesif.port, host: '127.0.0.1' })
  client.write('POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n[1,')
  await once(client, 'data')
  expect((await moesif.requestPage({ limit: 1 })).items[0]!.bodyKept).toBe('unread')
  client.destroy()

  const { id, bodyKept } = await refused()
  expect(bodyKept).toBe('start')
  expect(Buffer.from(await moesif.sentRequest(id)).toString()).toBe('[1,')
})

test('has nothing of a body that was never read', async () => {
  await moesif.application('app').faults.add({ connection: 'reset-before-read', remaining: 1 })
  await expect(post(`${moesif.url}/v1/events`, plain)).rejects.toThrow()

  const [request] = (await moesif.requestPage({ limit: 1 })).items
  expect(request).toMatchObject({ answer: null, bodyKept: 'unread', wireBytes: 0 })
  await expect(moesif.sentRequest(request!.id)).rejects.toThrow(/body of request \d+ is not here/)
})

test('keeps no body of a request that was accepted, brought a batch, or had none', async () => {
  await post(`${moesif.url}/v1/users`, { user_id: 'u1' })
  await post(`${moesif.url}/v1/events`, '[')
  await fetch(`${moesif.url}/v1/nothing`)

  const { items } = await moesif.requestPage({ limit: 3 })
  expect(items.map(({ answer, bodyKept }) => [answer, bodyKept])).toEqual([
    [404, null],
    [400, null],
    [201, null],
  ])
})

test('gives refused bodies an eighth of the bytes, the newest of them, and takes these from batches', async () => {
  await using small = await startMockMoesif({ maxBytes: 16_000 })
  await send(small.url, [sampleEvent({ metadata: { text: 'x'.repeat(8000) } })])
  for (let count = 0; count < 3; count++)
    await post(`${small.url}/v1/events`, Buffer.alloc(700), { app: null })
  await refused(small)

  const { items } = await small.requestPage({ limit: 3 })
  expect(items.map(({ bodyKept }) => bodyKept)).toEqual(['whole', 'whole', 'dropped'])
  expect(await small.application('app').count()).toBe(1)
  await send(small.url, [sampleEvent({ metadata: { text: 'x'.repeat(6000) } })])
  expect((await small.batchPage()).items.map(({ id }) => id)).toEqual([2])
})

test('keeps a refused body without a port, too', async () => {
  await using handlers = moesifHandlers()
  const server = setupServer(...handlers)
  server.listen()
  try {
    await post('https://api.moesif.net/v1/events', plain, { app: null })
    const { id, bodyKept } = await refused(handlers)

    expect(bodyKept).toBe('whole')
    expect(Buffer.from(await handlers.sentRequest(id))).toEqual(plain)
  } finally {
    server.close()
  }
})
