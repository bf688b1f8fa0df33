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

/** Midnight of the days about the turns of months, years, leap years and centuries, nearly up to the last year of the host. */
function turnsOfTheCalendar(): number[] {
  const turns = [1970, 1971, 1972, 1999, 2000, 2001, 2003, 2004, 2096, 2099, 2100, 2104, 2200, 2260]
  const months = [
    ...turns.flatMap((year) => [0, 1, 2, 11].map((month) => [year, month] as const)),
    ...Array.from({ length: 24 }, (_, month) => [2023, month] as const),
  ]
  const days = months.flatMap(([year, month]) =>
    [0, 1, 28, 29].map((day) => Date.UTC(year, month, day)),
  )
  return days.filter((time) => time > 0)
}

test('every turn of the calendar and of the clock is written as JavaScript writes it', async () => {
  const emulator = await startPlugin({
    batch_max_size: 1000,
    batch_max_bytes: 10_000_000,
    queue_max_bytes: 20_000_000,
  })
  const clock = ['23:59:59.999', '00:00:00.007', '10:09:08.070', '09:59:00.100', '19:00:59.000']
  const times = [...turnsOfTheCalendar(), ...clock.map((time) => Date.parse(`2026-02-28T${time}Z`))]

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
