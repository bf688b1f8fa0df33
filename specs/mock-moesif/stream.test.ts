import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { nextOf, readStream } from './event-stream.ts'
import { sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const path = '/_mock/events/stream'

test('tells of events, batches and counts as they come', async () => {
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

test('tells a reader that its ids are of a mock that is gone', async () => {
  const stream = readStream(`${moesif.url}${path}`, { 'last-event-id': '999999999' })

  expect((await nextOf(stream, 'reset')).message).toEqual({ applicationId: null })
  await stream.return(undefined)
})

test('tells how many the bound has dropped while the reader was away', async () => {
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

test('tells of resets and of faults', async () => {
  const app = moesif.application('told')
  await send(moesif.url, [sampleEvent()], app.id)
  const stream = readStream(`${moesif.url}${path}?app=told`)
  await nextOf(stream, 'faults')
  const fault = await app.faults.add({ status: 503, remaining: 1 })
  expect((await nextOf(stream, 'faults')).message).toMatchObject([{ id: fault.id, status: 503 }])
  await app.reset()

  expect((await nextOf(stream, 'faults')).message).toEqual([])
  expect((await nextOf(stream, 'reset')).message).toEqual({ applicationId: 'told' })
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
  let skipped = 0
  // What the reader was sent lies in buffers of the kernel and the mock: both must be full before anything is skipped.
  for (let turn = 0; turn < 40; turn++) await send(own.url, batch)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
    skipped = Number(/event: skipped\ndata: \{"count":(\d+)\}/.exec(text)?.[1] ?? 0)
  })
  socket.resume()
  await expect
    .poll(
      async () => {
        await send(own.url, [sampleEvent()])
        return skipped
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0)

  expect(await own.application('app').count()).toBeGreaterThanOrEqual(8000)
  socket.destroy()
})
