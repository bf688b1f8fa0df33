import { expect, test } from 'vitest'
import type { HttpCall, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import {
  FIRST_FETCH_MS,
  blockAll,
  governed,
  isBlocking,
  serve,
  startWith,
} from './support/documents.ts'
import { APPLICATION_ID, startPlugin } from './support/plugin-under-test.ts'

function warnings(emulator: MoesifEmulator): string[] {
  return emulator.logs.entries.map(({ message }) => message)
}

const failures: [string, Parameters<MoesifEmulator['collector']['answerFetches']>[0], string][] = [
  [
    '500',
    { status: 500 },
    '/v1/config is answered 500: check base_uri and the cluster named by upstream',
  ],
  ['401', { status: 401 }, '/v1/config is answered 401: check moesif_application_id'],
  ['no JSON', { status: 200, body: '[{"_id":"all"' }, '/v1/config is not JSON'],
  ['nothing', { status: 200, body: '' }, '/v1/config is not JSON'],
  [
    'too much',
    { status: 200, body: JSON.stringify('x'.repeat(2000)) },
    '/v1/config is larger than documents_max_bytes',
  ],
  ['a reset', { reset: true }, '/v1/config is not answered: check base_uri'],
  ['no host', { unreachable: 'connection-refused' }, '/v1/config is answered 503'],
]

test.each(failures)('keeps the old documents when the answer is %s', async (_, answer, message) => {
  const emulator = await startWith(
    { rules: [blockAll] },
    { ...governed, documents_max_bytes: 1024 },
  )
  emulator.collector.answerFetches((call) => {
    if (call.headers[':path'] === '/v1/rules') return { status: 304 }
    return typeof answer === 'function' ? answer(call) : answer
  })

  emulator.advance(75_000)

  expect(isBlocking(emulator)).toBe(true)
  expect(emulator.metrics.get('moesif_documents_failed_total')).toBeGreaterThanOrEqual(1)
  expect(warnings(emulator)).toHaveLength(1)
  expect(warnings(emulator)[0]).toContain(`moesif: ${message}`)
})

test('tries again with growing pauses, and no faster than every three seconds', async () => {
  const emulator = await startPlugin({ disable_sampling: false })
  emulator.collector.answerFetches({ status: 503 })

  emulator.advance(600_000)

  const times = emulator.collector.fetches.map(({ at }) => at)
  const pauses = times.slice(1).map((at, i) => at - times[i]!)
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3000)
  expect(Math.max(...pauses)).toBeGreaterThan(15_000)
  expect(times.length).toBeLessThan(60)
})

test.each([[{ refuse: 10 as const }], [{ refuse: 2 as const }]])(
  'goes on asking when the host refuses the call: %j',
  async (answer) => {
    const emulator = await startPlugin(governed)
    emulator.collector.answerFetches(answer)
    emulator.advance(30_000)

    serve(emulator, { rules: [blockAll] })
    emulator.advance(45_000)

    expect(isBlocking(emulator)).toBe(true)
  },
)

test('lets another worker ask when the one that asked gets no answer', async () => {
  const emulator = await startPlugin({ ...governed, connection_timeout: 1000 }, { workers: 2 })
  const asked: HttpCall[] = []
  emulator.collector.answerFetches((call) => {
    asked.push(call)
    return { silent: true }
  })
  emulator.advance(FIRST_FETCH_MS)
  expect(asked.length).toBeGreaterThanOrEqual(2)

  serve(emulator, { rules: [blockAll] })
  emulator.advance(60_000)

  expect(isBlocking(emulator, 0)).toBe(true)
  expect(isBlocking(emulator, 1)).toBe(true)
})

test('does not stop asking when the clock is set back', async () => {
  const emulator = await startWith({}, governed)
  // Timers run on another clock than the one that is set back.
  const lost = 7 * 86_400_000
  const { clock } = emulator
  Object.defineProperty(clock, 'nanoseconds', { get: () => BigInt(clock.now - lost) * 1_000_000n })

  serve(emulator, { rules: [blockAll] })
  emulator.advance(75_000)

  expect(isBlocking(emulator)).toBe(true)
})

test('has the documents at once after an update of the configuration', async () => {
  const emulator = await startWith({ rules: [blockAll] }, governed)
  emulator.collector.answerFetches({ status: 503 })

  emulator.configure({ moesif_application_id: APPLICATION_ID, ...governed, batch_max_size: 7 })

  expect(isBlocking(emulator)).toBe(true)
})

test.each([
  ['applications', { moesif_application_id: 'another-application-id' }],
  ['clusters', { upstream: 'another_api' }],
  ['collectors', { base_uri: 'https://another.test' }],
])('keeps documents of two %s in one process apart', async (_, other) => {
  const emulator = await startWith({ rules: [blockAll] }, governed)

  emulator.configure({ moesif_application_id: APPLICATION_ID, ...governed, ...other })
  emulator.collector.answerFetches({ status: 503 })
  emulator.advance(FIRST_FETCH_MS)

  expect(isBlocking(emulator)).toBe(false)
})
