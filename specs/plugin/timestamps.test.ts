import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

const timesOf = async (startedAt: number, durationMs = 0) => {
  const event = await eventOf({ facts: { startedAt }, durationMs })
  return [event.request.time, event.response?.time]
}

test('the request has the time at which it began, the response that at which it ended', async () => {
  const event = await eventOf({ durationMs: 1234 })

  expect(event.request.time).toBe('2026-01-02T03:04:05.678Z')
  expect(event.response?.time).toBe('2026-01-02T03:04:06.912Z')
})

test.each([
  '2024-02-29T23:59:59.999Z',
  '2000-01-01T00:00:00.000Z',
  '2026-01-01T00:00:00.007Z',
  '2025-12-31T10:09:08.070Z',
])('%s is written so', async (time) => {
  expect((await timesOf(Date.parse(time)))[0]).toBe(time)
})

test('any time of the host is written as JavaScript writes it', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const times = fc.sample(fc.integer({ min: 1, max: Date.UTC(2262, 0, 1) }), 200)

  for (const startedAt of times) emulator.worker(0).exchange({ facts: { startedAt } })

  const written = eventsOf(emulator).map((event) => event.request.time)
  expect(written).toEqual(times.map((time) => new Date(time).toISOString()))
})

test('while requests come to the filter as they are read, one in sixteen is asked when it began', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const arrival = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  for (let count = 0; count < 160; count++) {
    emulator.worker(0).exchange({ facts: { startedAt: arrival - 1 } })
  }

  const times = eventsOf(emulator).map((event) => Date.parse(event.request.time) - arrival)
  expect(times.filter((ms) => ms === -1)).toHaveLength(10)
  expect(times.filter((ms) => ms === 0)).toHaveLength(150)
})

test('once an earlier filter has held a request back, each is asked when it began', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const heldBack = { facts: { startedAt: Date.UTC(2026, 0, 2, 3) } }
  for (let count = 0; count < 15; count++) emulator.worker(0).exchange({})
  for (let count = 0; count < 100; count++) emulator.worker(0).exchange(heldBack)

  const times = eventsOf(emulator).map((event) => event.request.time)
  expect(new Set(times.slice(-99))).toEqual(new Set(['2026-01-02T03:00:00.000Z']))
})

test('a response is never older than its request, whatever the clock does', async () => {
  const later = Date.UTC(2026, 0, 2, 4)

  expect(await timesOf(later)).toEqual(['2026-01-02T04:00:00.000Z', '2026-01-02T04:00:00.000Z'])
})

test('without a start time it is the time of the log', async () => {
  const event = await eventOf({ properties: { 'request.time': null } })

  expect(event.request.time).toBe('2026-01-02T03:04:05.678Z')
})

test('a thousand exchanges after one that was held back, each is still asked when it began', async () => {
  const emulator = await startPlugin({ batch_max_size: 10_000 })
  const heldBack = { facts: { startedAt: Date.UTC(2026, 0, 2, 3) } }
  emulator.worker(0).exchange(heldBack)
  for (let count = 0; count < 1000; count++) emulator.worker(0).exchange({})
  emulator.worker(0).exchange(heldBack)

  expect(eventsOf(emulator).at(-1)?.request.time).toBe('2026-01-02T03:00:00.000Z')
})
