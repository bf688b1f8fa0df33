import { connect } from 'node:net'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { Faults } from '#mock-moesif/collector/faults.ts'
import { startMockMoesif, type FaultSpec } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const events = `${moesif.url}/v1/events`
let last = 0
/** An application of its own for each test. */
const fresh = () => moesif.application(`fault-${++last}`)

test('answers a status with Retry-After to the next N requests, and stores nothing', async () => {
  const app = fresh()
  await app.faults.add({ status: 503, retryAfter: 2, remaining: 2 })
  const answers = []
  for (let turn = 0; turn < 3; turn++)
    answers.push(await post(events, sampleEvent(), { app: app.id }))

  expect(answers.map(({ status }) => status)).toEqual([503, 503, 201])
  expect(answers[0]!.headers.get('retry-after')).toBe('2')
  expect(await app.counts()).toMatchObject({ received: 1, batches: 3 })
  expect(await app.faults.list()).toEqual([])
  expect(
    (await app.batches()).map(({ answer, fault }) => [answer, fault?.replace(/#\d+ /, '')]),
  ).toEqual([
    [503, 'status 503'],
    [503, 'status 503'],
    [201, undefined],
  ])
})

test('a status below 400 stores, and keeps the tags of the answer; one from 400 on does neither', async () => {
  const app = fresh()
  for (const status of [399, 400]) await app.faults.add({ status, remaining: 1 })
  const answers = [
    await post(events, sampleEvent(), { app: app.id }),
    await post(events, sampleEvent(), { app: app.id }),
  ]

  expect(answers.map(({ status }) => status)).toEqual([399, 400])
  expect(answers.map(({ headers }) => headers.has('x-moesif-config-etag'))).toEqual([true, false])
  expect(await answers[1]!.json()).toEqual({ error: expect.stringMatching(/^Fault \d+ of/) })
  expect(await app.counts()).toMatchObject({ received: 1, batches: 2 })
})

test('resets before reading: nothing is stored, the request is recorded', async () => {
  const app = fresh()
  await app.faults.add({ connection: 'reset-before-read', remaining: 1 })

  await expect(post(events, sampleEvent(), { app: app.id })).rejects.toThrow('fetch failed')
  expect(await app.counts()).toMatchObject({ received: 0, requests: 1 })
  expect(await app.requests()).toMatchObject([
    { answer: null, fault: expect.stringContaining('reset-before-read') as string },
  ])
})

test.each(['reset-after-read', 'half-response'] as const)(
  '%s: the events are stored, the answer is lost, a retry is a duplicate',
  async (connection) => {
    const app = fresh()
    const event = sampleEvent()
    await app.faults.add({ connection, remaining: 1 })
    const attempt = post(events, event, { app: app.id }).then((response) => response.text())

    await expect(attempt).rejects.toThrow()
    expect((await post(events, event, { app: app.id })).status).toBe(201)
    expect(await app.counts()).toMatchObject({ received: 2, unique: 1, duplicates: 1 })
    expect((await app.batches()).map(({ answer, retryOf }) => [answer, retryOf !== null])).toEqual([
      [null, false],
      [201, true],
    ])
  },
)

test('never answers, until the client gives up', async () => {
  const app = fresh()
  await app.faults.add({ connection: 'no-response' })
  const client = new AbortController()
  const attempt = fetch(events, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': app.id },
    body: JSON.stringify(sampleEvent()),
    signal: client.signal,
  })
  attempt.catch(() => {})

  expect(await app.awaitEvents()).toHaveLength(1)
  // An answer would be here before that of a later call.
  await app.counts()
  client.abort()
  await expect(attempt).rejects.toThrow(/abort/)
})

test('holds an answer back, after the events are stored', async () => {
  const app = fresh()
  await app.faults.add({ delayMs: 200 })
  await app.faults.add({ delayMs: [1, 2] })
  const started = performance.now()
  const answer = post(events, sampleEvent(), { app: app.id })
  await app.awaitEvents()
  const storedAfter = performance.now() - started
  await answer
  const answeredAfter = performance.now() - started

  expect(answeredAfter).toBeGreaterThanOrEqual(195)
  expect(storedAfter).toBeLessThan(answeredAfter)
  const [request] = await app.requests()
  expect(request!.durationMs).toBeGreaterThanOrEqual(195)
})

test('reads slowly', async () => {
  const app = fresh()
  await app.faults.add({ throttleBytesPerSecond: 20_000 })
  const started = performance.now()
  const body = { ...sampleEvent(), metadata: { text: 'x'.repeat(6000) } }

  expect((await post(events, body, { app: app.id })).status).toBe(201)
  expect(performance.now() - started).toBeGreaterThanOrEqual(250)
})

test('meets only the application and the route it is for', async () => {
  const app = fresh()
  await app.faults.add({ status: 500, route: '/v1/events/*' })
  const headers = { 'x-moesif-application-id': app.id }

  expect((await post(events, sampleEvent(), { app: app.id })).status).toBe(201)
  expect((await post(`${events}/batch`, [sampleEvent()], { app: app.id })).status).toBe(500)
  expect((await post(`${moesif.url}/base/v1/events/batch`, [], { app: app.id })).status).toBe(500)
  expect((await fetch(`${moesif.url}/v1/config`, { headers })).status).toBe(200)
  expect((await post(`${events}/batch`, [sampleEvent()], { app: 'unharmed' })).status).toBe(201)
})

test('meets by chance', async () => {
  const app = fresh()
  const { id } = await app.faults.add({ status: 500, probability: 0.5 })
  const statuses = await Promise.all(
    Array.from(
      { length: 200 },
      async () => (await post(events, sampleEvent(), { app: app.id })).status,
    ),
  )
  const failed = statuses.filter((status) => status === 500).length

  // Fewer than 40 or more than 160 of 200 has a probability below 1e-17.
  expect(failed).toBeGreaterThan(40)
  expect(failed).toBeLessThan(160)
  expect((await app.faults.list()).find((fault) => fault.id === id)!.hits).toBe(failed)
})

test('reports that one has expired without being asked', async () => {
  const faults = new Faults()
  const { promise, resolve } = Promise.withResolvers<number>()
  faults.add({ status: 500, expiresInMs: 1 })
  faults.onChange(() => resolve(faults.list().length))

  expect(await promise).toBe(0)
  faults.close()
})

test('reports none that has not expired yet when its timer is early', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(1000)
  onTestFinished(() => clock.mockRestore())
  const faults = new Faults()
  const { promise, resolve } = Promise.withResolvers<number>()
  faults.add({ status: 500, expiresInMs: 1 })
  faults.onChange(() => resolve(faults.list().length))
  const asked = clock.mock.calls.length
  await expect.poll(() => clock.mock.calls.length).toBeGreaterThan(asked)
  clock.mockReturnValue(1001)

  expect(await promise).toBe(0)
  faults.close()
})

test('expires by itself, and can be removed', async () => {
  const app = fresh()
  await app.faults.add({ status: 500, expiresInMs: 30 })
  const { id } = await app.faults.add({ status: 502 })
  await expect.poll(() => app.faults.list()).toMatchObject([{ id }])
  expect((await post(events, sampleEvent(), { app: app.id })).status).toBe(502)
  await app.faults.remove(id)

  expect((await post(events, sampleEvent(), { app: app.id })).status).toBe(201)
  await expect(app.faults.remove(id)).rejects.toThrow(/There is no fault/)
})

test.each([
  { status: 99 },
  { status: '503' },
  { delayMs: [1] },
  { connection: 'explode' },
  { probability: 2 },
  { colour: 'red' },
  {},
])('refuses the fault %j', async (spec) => {
  await expect(moesif.faults.add(spec as unknown as FaultSpec)).rejects.toThrow(/does not fit/)
})

test('a reset is one on the wire', async () => {
  const app = fresh()
  await app.faults.add({ connection: 'reset-before-read' })
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const socket = connect(moesif.port, '127.0.0.1')
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
  socket.on('end', () => resolve('closed politely'))
  socket.write(
    `POST /v1/events HTTP/1.1\r\nhost: a\r\nx-moesif-application-id: ${app.id}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  )

  expect(await promise).toBe('ECONNRESET')
})

test('clears what holds for every application, and leaves those of single ones', async () => {
  await using own = await startMockMoesif()
  await own.faults.add({ status: 500 })
  await own.application('single').faults.add({ status: 501 })

  expect((await own.faults.list()).map(({ status }) => status)).toEqual([500])
  await own.faults.clear()
  expect((await own.application('single').faults.list()).map(({ status }) => status)).toEqual([501])
  await own.faults.clearAll()
  expect(await own.application('single').faults.list()).toEqual([])
})

test.each([
  { delayMs: 2 ** 31 },
  { delayMs: [0, 2 ** 31] as [number, number] },
  { delayMs: [5, 1] as [number, number] },
  { retryAfter: -1 },
  { retryAfter: '1\r\nx: y' },
  { retryAfter: '' },
  { route: '/v1/\u0000' },
  { applicationId: '\u0000' },
  { remaining: 1e300 },
  { expiresInMs: 1e300 },
  { throttleBytesPerSecond: 1e-300 },
  {},
])('refuses a fault that could not be kept to, with its place: %j', async (spec) => {
  await using own = await startMockMoesif()
  const response = await fetch(`${own.url}/_mock/faults`, {
    method: 'POST',
    body: JSON.stringify(spec),
  })

  expect(response.status).toBe(400)
  const { problems } = (await response.json()) as { problems: { pointer: string }[] }
  expect(problems[0]!.pointer.split('/')[1]).toBe(Object.keys(spec)[0])
})

test('faults are bounded together, since each reader of them is sent all', async () => {
  const app = fresh()
  const body = 'b'.repeat(10_000)
  const added = async () => {
    for (let count = 0; ; count++) await app.faults.add({ body, probability: 0 })
  }

  await expect(added()).rejects.toThrow('more than 1 MiB in all: remove some first')

  await app.faults.clear()
  await app.faults.add({ body, probability: 0 })
  await app.faults.clear()
})
