import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, expect, test } from 'vitest'
import { type BatchSummary, startMockMoesif } from '#mock-moesif/index.ts'
import { nextOf, readStream } from './event-stream.ts'
import { sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const path = '/_mock/events/stream'

test('sends events, batches and counts as they come', async () => {
  const stream = readStream(`${moesif.url}${path}?app=live`)
  expect((await nextOf(stream, 'counts')).message).toMatchObject({ events: 0 })
  await send(moesif.url, [sampleEvent()], 'other')
  await send(moesif.url, [sampleEvent(), sampleEvent()], 'live')

  const events = await nextOf(stream, 'events')
  const batches = await nextOf(stream, 'batches')
  const counts = await nextOf(stream, 'counts')

  expect(events.message).toMatchObject([{ applicationId: 'live' }, { userId: 'u1' }])
  expect(events.message[0]).not.toHaveProperty('event')
  expect(events.id).toBe(String(events.message[1].id))
  expect(batches.message).toMatchObject([{ eventCount: 2, answer: 201 }])
  expect(counts.message).toMatchObject({ received: 2 })
  await stream.return(undefined)
})

test('resumes after Last-Event-ID without loss or repetition', async () => {
  const app = moesif.application('resumed')
  await send(moesif.url, [sampleEvent(), sampleEvent(), sampleEvent()], app.id)
  const [first, ...missed] = (await app.summaries()).map(({ id }) => id)
  const stream = readStream(`${moesif.url}${path}?app=resumed`, { 'last-event-id': String(first) })
  const replayed = await nextOf(stream, 'events')
  await nextOf(stream, 'faults')
  await send(moesif.url, [sampleEvent()], app.id)
  const next = await nextOf(stream, 'events')

  expect(replayed.message.map(({ id }: { id: number }) => id)).toEqual(missed)
  expect(next.message).toHaveLength(1)
  expect(next.message[0].id).toBeGreaterThan(missed.at(-1)!)
  await stream.return(undefined)
})

test('sends how long a request took once a fault has let its answer through', async () => {
  const app = moesif.application('held')
  await app.faults.add({ delayMs: 40, remaining: 1 })
  const stream = readStream(`${moesif.url}${path}?app=held`)
  await nextOf(stream, 'faults')
  await send(moesif.url, [sampleEvent()], app.id)
  const [request] = (await nextOf(stream, 'requests')).message

  expect(request).toMatchObject({ applicationId: 'held', answer: 201 })
  expect(request.durationMs).toBeGreaterThanOrEqual(40)
  await stream.return(undefined)
})

test('sends the newest batches and requests on demand, at the start and after a reset', async () => {
  const app = moesif.application('newest')
  for (let batch = 0; batch < 3; batch++) await send(moesif.url, [sampleEvent()], app.id)
  const stream = readStream(`${moesif.url}${path}?app=newest&newest=2`)
  const { batches, requests } = (await nextOf(stream, 'newest')).message
  await nextOf(stream, 'faults')
  await app.reset()

  expect(batches).toHaveLength(2)
  expect(batches[0].id).toBeGreaterThan(batches[1].id)
  expect(batches.map(({ requestId }: BatchSummary) => requestId)).toEqual(
    requests.map(({ id }: { id: number }) => id),
  )
  await nextOf(stream, 'reset')
  expect((await nextOf(stream, 'newest')).message).toEqual({ batches: [], requests: [] })
  await stream.return(undefined)
})

test('resets a reader whose ids are of a mock that has ended', async () => {
  const stream = readStream(`${moesif.url}${path}`, { 'last-event-id': '999999999' })

  expect((await nextOf(stream, 'reset')).message).toEqual({
    applicationId: null,
    generation: expect.any(Number),
  })
  await stream.return(undefined)
})

test('sends how many events the bound has dropped while the reader was away', async () => {
  await using small = await startMockMoesif({ maxEvents: 2 })
  await send(
    small.url,
    [1, 2, 3, 4, 5].map(() => sampleEvent()),
  )
  const stream = readStream(`${small.url}${path}`, { 'last-event-id': '1' })

  expect((await nextOf(stream, 'skipped')).message).toEqual({ count: 2 })
  expect((await nextOf(stream, 'events')).message.map(({ id }: { id: number }) => id)).toEqual([
    4, 5,
  ])
  await stream.return(undefined)
})

test('sends first the id of the store, and where to resume', async () => {
  await using own = await startMockMoesif()
  await using other = await startMockMoesif()
  await send(own.url, [sampleEvent(), sampleEvent()])
  const [first, again, another] = [own, own, other].map(({ url }) => readStream(`${url}${path}`))
  const results = await Promise.all([first!.next(), again!.next(), another!.next()])
  const [one, two, three] = results.map(({ value }) => value)

  expect(one).toMatchObject({ name: 'store', id: '2' })
  expect(two.message).toEqual(one.message)
  expect(three.message.id).not.toBe(one.message.id)
  await own.resetAll()
  const reset = await nextOf(first!, 'reset')
  expect(reset.message.generation).toBeGreaterThan(one.message.generation)
  const late = readStream(`${own.url}${path}`)
  expect((await nextOf(late, 'store')).message.generation).toBe(reset.message.generation)
  await late.return(undefined)
  for (const stream of [first, again, another]) await stream!.return(undefined)
})

test('sends what another collector answered once it did, and which events the bound drops', async () => {
  await using target = await startMockMoesif()
  await using own = await startMockMoesif({ maxEvents: 3 })
  await fetch(`${own.url}/_mock/forward`, {
    method: 'PUT',
    body: JSON.stringify({ url: target.url, forwardAs: 'there' }),
  })
  const stream = readStream(`${own.url}${path}`)
  await nextOf(stream, 'faults')
  await send(own.url, [sampleEvent(), sampleEvent()])

  for (;;) {
    const [batch] = (await nextOf(stream, 'batches')).message as BatchSummary[]
    expect(batch?.id).toBe(1)
    if (batch?.forwarded?.answer === 201) break
  }
  await send(own.url, [sampleEvent(), sampleEvent()])

  expect((await nextOf(stream, 'evicted')).message).toEqual({ before: 2 })
  await stream.return(undefined)
})

test('sends resets and faults', async () => {
  const app = moesif.application('notified')
  await send(moesif.url, [sampleEvent()], app.id)
  const stream = readStream(`${moesif.url}${path}?app=notified`)
  await nextOf(stream, 'faults')
  const fault = await app.faults.add({ status: 503, remaining: 1 })
  expect((await nextOf(stream, 'faults')).message).toMatchObject([{ id: fault.id, status: 503 }])
  await app.reset()

  expect((await nextOf(stream, 'faults')).message).toEqual([])
  expect((await nextOf(stream, 'reset')).message).toEqual({
    applicationId: 'notified',
    generation: expect.any(Number),
  })
  await stream.return(undefined)
})

test('skips a reader that does not read, and never waits for it', async () => {
  await using own = await startMockMoesif({ maxEvents: 100_000 })
  const socket = connect(own.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  const long = `https://a.b/${'x'.repeat(5000)}`
  const batch = Array.from({ length: 200 }, () => ({
    ...sampleEvent(),
    request: { ...sampleEvent().request, uri: long },
  }))
  // What the reader was sent lies in buffers of the kernel and the mock: both must be full before anything is skipped.
  for (let turn = 0; turn < 40; turn++) await send(own.url, batch)
  let skipped = 0
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    skipped ||= Number(/event: skipped\ndata: \{"count":(\d+)\}/.exec(text)?.[1] ?? 0)
    text = text.slice(-1000)
  })
  socket.resume()

  // Sent as soon as it reads again, whether more arrives or not.
  await expect.poll(() => skipped).toBeGreaterThan(0)
  await expect.poll(() => text.slice(text.lastIndexOf('event: counts'))).toContain('"events":8000')
  expect(await own.application('app').count()).toBeGreaterThanOrEqual(8000)
  socket.destroy()
})
