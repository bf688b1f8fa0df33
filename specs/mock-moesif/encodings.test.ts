import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody, inflatedAtMost } from '#mock-moesif/collector/decode-body.ts'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'

const moesif = await startMockMoesif()
const { url } = moesif

test.each([
  ['gzip', 'gzip', gzipSync],
  ['deflate', 'zlib', deflateSync],
  ['deflate', 'raw', deflateRawSync],
  ['br', 'brotli', brotliCompressSync],
] as const)('takes Content-Encoding %s (%s)', async (encoding, flavour, compress) => {
  const app = moesif.application(flavour)
  const plain = Buffer.from(JSON.stringify([sampleEvent()]))
  const wire = compress(plain)
  const response = await post(`${url}/v1/events/batch`, wire, {
    app: flavour,
    headers: { 'content-encoding': encoding },
  })

  expect(response.status).toBe(201)
  const [batch] = await app.batches()
  expect(batch).toMatchObject({
    encoding,
    wireBytes: wire.byteLength,
    decodedBytes: plain.byteLength,
    eventCount: 1,
  })
  expect(Buffer.from(await moesif.rawBatch(batch!.id))).toEqual(plain)
  expect(Buffer.from(await moesif.sentBatch(batch!.id))).toEqual(wire)
})

test('refuses an encoding it does not know, and truncated gzip', async () => {
  const unknown = await post(`${url}/v1/events`, 'x', { headers: { 'content-encoding': 'zstd' } })
  const wire = gzipSync(JSON.stringify(sampleEvent()))
  const truncated = await post(`${url}/v1/events`, wire.subarray(0, wire.byteLength - 9), {
    app: 'truncated',
    headers: { 'content-encoding': 'gzip' },
  })

  expect(unknown.status).toBe(415)
  expect(truncated.status).toBe(400)
  expect(await truncated.text()).toContain('not valid gzip')
  const batches = await moesif.application('truncated').batches()
  expect(batches).toMatchObject([{ answer: 400, eventCount: 0 }])
  const sent = await moesif.sentBatch(batches[0]!.id)
  expect(sent).toEqual(new Uint8Array(wire.subarray(0, wire.byteLength - 9)))
})

test('what was sent compressed counts for the bound on bytes', async () => {
  await using small = await startMockMoesif({ maxBytes: 12_000 })
  // What can't be compressed is held twice: as sent, and decoded.
  const noise = randomBytes(3000).toString('base64')
  const wire = gzipSync(JSON.stringify([sampleEvent({ metadata: { noise } })]))
  for (let batch = 0; batch < 2; batch++)
    await post(`${small.url}/v1/events/batch`, wire, { headers: { 'content-encoding': 'gzip' } })

  expect(await small.application('app').batches()).toMatchObject([{ id: 2 }])
})

test('refuses a zip bomb without inflating it', async () => {
  const member = gzipSync(Buffer.alloc(4 * 1024 * 1024))
  const bomb = Buffer.concat(Array.from({ length: 100 }, () => member))
  const before = process.memoryUsage.rss()
  const response = await post(`${url}/v1/events/batch`, bomb, {
    headers: { 'content-encoding': 'gzip' },
  })

  expect(response.status).toBe(413)
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024)
})

test('stops inflating at the limit', async () => {
  await expect(decodeBody(gzipSync(Buffer.alloc(1001)), 'gzip', 1000)).rejects.toMatchObject({
    status: 413,
  })
  expect(await decodeBody(gzipSync(Buffer.alloc(1000)), 'gzip', 1000)).toHaveLength(1000)
})

test('reserves what inflating may cost: a thousandfold, all that may be for br, nothing for a plain body', () => {
  const limit = 50 * 1024 * 1024
  const cost = (bytes: number, encoding: Parameters<typeof inflatedAtMost>[1]) =>
    inflatedAtMost(Buffer.alloc(bytes), encoding, limit)

  expect(cost(1000, 'identity')).toBe(0)
  expect(cost(1000, 'gzip')).toBe(1_032_000)
  // Pieces of over a megabyte are joined to one: both are there for a moment.
  expect(cost(2000, 'deflate')).toBe(2000 * 1032 * 1.5)
  expect([cost(1000, 'br'), cost(1_000_000, 'gzip')]).toEqual([limit * 1.5, limit * 1.5])
})

test('refuses a plain body over 50 MB by its announced length, and still answers the next request', async () => {
  const response = await post(`${url}/v1/events/batch`, Buffer.alloc(50 * 1024 * 1024 + 1, 0x20))

  expect(response.status).toBe(413)
  // What is left of the body stays unread: this connection can't carry another request.
  expect(response.headers.get('connection')).toBe('close')
  expect((await post(`${url}/v1/events`, sampleEvent())).status).toBe(201)
})
