import { expect, test } from 'vitest'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

const SECRET = 's3cret'
const exchange = {
  request: {
    method: 'POST',
    path: `/${SECRET}?token=${SECRET}`,
    headers: { authorization: SECRET },
    body: SECRET,
  },
  response: { status: 201, headers: { 'x-answer': SECRET }, body: SECRET },
}

const linesOf = async (options: Record<string, unknown>, level: 'info' | 'warn' = 'info') => {
  const emulator = await startPlugin({ batch_max_size: 10, ...options }, { logLevel: level })
  emulator.worker(0).exchange(exchange)
  emulator.worker(0).exchange({ response: null })
  return emulator.logs.messages().filter((line) => line.startsWith('moesif: exchange: '))
}

test('debug logs one line an exchange: size and status, nothing of what was exchanged', async () => {
  const lines = await linesOf({ debug: true })

  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^moesif: exchange: event of \d{3,4} bytes, status 201$/)
  expect(lines[1]).toMatch(/^moesif: exchange: event of \d{3,4} bytes, status none$/)
})

test('without debug, or when Envoy would not show it, there is no such line', async () => {
  expect(await linesOf({ debug: false })).toEqual([])
  expect(await linesOf({ debug: true }, 'warn')).toEqual([])
})

test('the event is the same with debug and without', async () => {
  const bodies = []
  for (const debug of [true, false]) {
    const emulator = await startPlugin({ debug })
    emulator.worker(0).exchange(exchange)
    const [event] = eventsOf(emulator)
    bodies.push({ ...event, transaction_id: '', metadata: {}, request: event?.request.body })
  }

  expect(bodies[0]).toEqual(bodies[1])
})
