import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'

// What a refused request was answered can be read afterwards, as it was sent.

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const event = sampleEvent()
const bad = { ...event, request: { ...event.request, verb: 5 } }
const gzip = { 'content-encoding': 'gzip' }

/** The answer as its client got it, and the newest request as the test API gives it. */
async function answerTo(path: string, document: unknown, options?: Parameters<typeof post>[2]) {
  const response = await post(moesif.url + path, document, options)
  const text = await response.text()
  const { items } = await moesif.requestPage({ limit: 1 })
  return { response, text, request: await moesif.request(items[0]!.id) }
}

test.each([
  ['no application id', 401, '/v1/events', event, { app: null }],
  ['a wrong path', 404, '/v2/events?x="1"', event, {}],
  ['a wrong method', 405, '/v1/rules', event, {}],
  ['another type', 406, '/v1/events', event, { headers: { 'content-type': 'text/plain' } }],
  ['an unknown encoding', 415, '/v1/events', event, { headers: { 'content-encoding': 'zstd' } }],
  ['too many values', 413, '/v1/events', `[${'1,'.repeat(1_000_001)}1]`, {}],
  ['no JSON', 400, '/v1/events', '{"request":', {}],
  ['broken gzip', 400, '/v1/events', Buffer.from('no gzip'), { headers: gzip }],
  ['an event that Moesif refuses', 400, '/v1/events', bad, {}],
  ['actions that are none', 400, '/v1/actions/batch', [{}], {}],
] as const)('gives the answer to %s', async (_what, status, path, document, options) => {
  const { response, text, request } = await answerTo(path, document, options)

  expect([response.status, request.answer]).toEqual([status, status])
  expect(request.answered).toMatchObject({ body: text, isWhole: true })
  expect(Object.fromEntries(response.headers)).toMatchObject(request.answered!.headers)
})

test('names the event, the path and the reason of each problem', async () => {
  const { request } = await answerTo('/v1/events/batch', [event, bad, { ...event, user_id: 5 }])
  const { items } = await moesif.batchPage({ limit: 1 })
  const batch = await moesif.batch(items[0]!.id)

  expect(request.answered!.problems).toEqual([
    { event: 1, pointer: '/request/verb', message: expect.stringContaining('string') as string },
    { event: 2, pointer: '/user_id', message: expect.stringContaining('string') as string },
  ])
  expect(batch.answered).toEqual(request.answered)
  expect(batch.requestId).toBe(request.id)
})

test('answers a URL that is too long to be looked at', async () => {
  const { status } = await post(`${moesif.url}/v1/${'y'.repeat(9000)}`, event)

  expect(status).toBe(414)
})

test('says in which event of a batch the JSON breaks', async () => {
  const { request } = await answerTo('/v1/events/batch', `[${JSON.stringify(event)},{"a":tru}]`)

  expect(request.answered!.problems).toMatchObject([{ event: 1, pointer: '/a' }])
})

test('gives what a fault answered, not what the mock would have', async () => {
  const app = moesif.application('app')
  await app.faults.add({ status: 429, retryAfter: 7, body: 'slow down', remaining: 1 })
  const refused = await answerTo('/v1/events', bad)
  await app.faults.add({ body: 'not {}', remaining: 1 })
  const accepted = await answerTo('/v1/events', event)
  await app.faults.add({ connection: 'reset-after-read', remaining: 1 })
  await expect(post(`${moesif.url}/v1/events`, bad)).rejects.toThrow()
  const [newest] = (await moesif.requestPage({ limit: 1 })).items

  expect(refused.request.answered).toMatchObject({
    headers: { 'retry-after': '7' },
    body: 'slow down',
    problems: [],
  })
  expect(accepted.request).toMatchObject({ answer: 201, answered: { body: 'not {}' } })
  expect((await moesif.request(newest!.id)).answered).toBeNull()
})

test('keeps no answer of what was accepted, and the start of a long one', async () => {
  const accepted = await answerTo('/v1/events', event)
  const headers = { ['x'.repeat(1000)]: {} }
  const long = Array.from({ length: 100 }, () => ({
    ...bad,
    request: { ...event.request, headers },
  }))
  const refused = await answerTo('/v1/events/batch', long)

  expect(accepted.request.answered).toBeNull()
  expect(refused.text.length).toBeGreaterThan(100_000)
  expect(refused.request.answered).toMatchObject({
    body: refused.text.slice(0, 64 * 1024),
    isWhole: false,
  })
  expect(refused.request.answered!.problems).toHaveLength(100)
})

const whole = Buffer.from(JSON.stringify([event, event]))
const flipped = (wire: Buffer) => Buffer.concat([wire.subarray(0, -8), Buffer.alloc(8, 7)])

test.each([
  [
    'gzip',
    gzipSync(whole).subarray(0, 240),
    /^The body is not valid gzip: unexpected end of file$/,
  ],
  ['gzip', flipped(gzipSync(whole)), /^The body is not valid gzip: incorrect data check$/],
  ['deflate', deflateSync(whole).subarray(0, 240), /unexpected end of file$/],
  ['gzip', Buffer.from('no gzip'), /^The body is not valid gzip: incorrect header check$/],
] as const)('gives of broken %s what inflates before the break', async (encoding, wire, reason) => {
  const headers = { 'content-encoding': encoding }
  await post(`${moesif.url}/v1/events/batch`, wire, { headers })
  const batch = await moesif.batch((await moesif.batchPage({ limit: 1 })).items[0]!.id)
  const { request } = await answerTo('/v1/actions', wire, { headers })
  const inflated = Buffer.from(await moesif.rawBatch(batch.id))

  expect(batch.decodeProblem).toMatch(reason)
  expect(request.decodeProblem).toMatch(reason)
  expect(Buffer.from(await moesif.rawRequest(request.id))).toEqual(inflated)
  expect(inflated).toEqual(whole.subarray(0, inflated.length))
  if (wire[0] !== 0x6e) expect(inflated.length).toBeGreaterThan(100)
  expect(batch.decodedBytes).toBe(inflated.length)
  expect(Buffer.from(await moesif.sentBatch(batch.id))).toEqual(wire)
})

test('finds no fault with a body that decodes', async () => {
  await post(`${moesif.url}/v1/events/batch`, gzipSync(JSON.stringify([bad])), { headers: gzip })
  const batch = await moesif.batch((await moesif.batchPage({ limit: 1 })).items[0]!.id)

  expect(batch).toMatchObject({ answer: 400, decodeProblem: null })
})

test('joins both halves of a batch that was refused as too large, and what repeats them', async () => {
  const app = moesif.application('halves')
  const send = (events: unknown[]) => post(`${moesif.url}/v1/events/batch`, events, { app: app.id })
  const [a, b, c, d] = [1, 2, 3, 4].map(() => sampleEvent())
  await app.faults.add({ status: 413, remaining: 1 })
  await send([a, b, c, d])
  await send([a, b])
  await app.faults.add({ status: 503, remaining: 1 })
  await send([c, d])
  await send([c, d])
  await send([d])
  await send([sampleEvent()])
  const [first, left, right, again, part, other] = await app.batches()

  expect([left, right, again, part, other].map((batch) => batch!.retryOf)).toEqual([
    first!.id,
    first!.id,
    right!.id,
    again!.id,
    null,
  ])
})
