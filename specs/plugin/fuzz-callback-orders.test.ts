import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { balance, droppedInAll, eventSums } from '#mock-moesif/model/event-sums.ts'
import type { Answer, MoesifEmulator, Stream } from '#sandbox/emulated-plugin/index.ts'
import { chunks, headers, numRuns } from './support/arbitrary-exchange.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { startPlugin } from './support/plugin-under-test.ts'

/** One thing that the host does; `stream` is one of a few open ones. */
type Step = (emulator: MoesifEmulator, streams: Stream[]) => void

const chunk = chunks.map(([first]) => first ?? new Uint8Array(0))
const endOfStream = fc.boolean().map((end) => ({ endOfStream: end }))

const onStream = <T>(arbitrary: fc.Arbitrary<T>, act: (stream: Stream, value: T) => void) =>
  fc.tuple(fc.nat({ max: 3 }), arbitrary).map(([which, value]): Step => (_emulator, streams) => {
    const stream = streams[which]
    if (stream) act(stream, value)
  })

const streamSteps = [
  onStream(fc.tuple(headers, endOfStream), (s, [map, end]) => s.requestHeaders(map, end)),
  onStream(fc.tuple(chunk, endOfStream), (s, [bytes, end]) => s.requestBody(bytes, end)),
  onStream(headers, (s, map) => s.requestTrailers(map)),
  onStream(fc.tuple(headers, endOfStream), (s, [map, end]) => s.responseHeaders(map, end)),
  onStream(fc.tuple(chunk, endOfStream), (s, [bytes, end]) => s.responseBody(bytes, end)),
  onStream(headers, (s, map) => s.responseTrailers(map)),
  onStream(fc.constant(null), (s) => s.log()),
  onStream(fc.constant(null), (s) => s.done()),
  onStream(fc.constant(null), (s) => s.delete()),
  onStream(fc.constant(null), (s) => s.end()),
]

const callbacks = [
  ['proxy_on_request_headers', 2],
  ['proxy_on_request_body', 2],
  ['proxy_on_request_trailers', 1],
  ['proxy_on_response_headers', 2],
  ['proxy_on_response_body', 2],
  ['proxy_on_response_trailers', 1],
  ['proxy_on_log', 0],
  ['proxy_on_done', 0],
  ['proxy_on_delete', 0],
  ['proxy_on_tick', 0],
  ['proxy_on_queue_ready', 1],
  ['proxy_on_http_call_response', 4],
  ['proxy_on_context_create', 1],
] as const

/** Any callback with any context id and any numbers: contexts that never were, that are roots, that are gone. */
const strayCallback = fc
  .tuple(
    fc.constantFrom(...callbacks),
    fc.oneof(fc.nat({ max: 8 }), fc.integer()),
    fc.array(fc.oneof(fc.nat({ max: 3 }), fc.integer()), { minLength: 4, maxLength: 4 }),
  )
  .map(([[callback, count], id, values]): Step => (emulator) => {
    const root = emulator.worker(0).root()
    root?.vm.call(callback, root, id, ...values.slice(0, count))
  })

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ status: fc.constantFrom(201, 200, 400, 401, 408, 413, 429, 500, 503) }),
  fc.constantFrom<Answer[]>({ refuse: 10 }, { refuse: 2 }, { reset: true }, { silent: true }),
  fc.record({
    unreachable: fc.constantFrom('connection-refused', 'terminated', 'connect-timeout'),
  }),
  fc.record({ status: fc.constant(429), headers: fc.record({ 'retry-after': fc.string() }) }),
)

const hostStep: fc.Arbitrary<Step> = fc.oneof(
  fc.nat({ max: 5000 }).map(
    (ms): Step =>
      (emulator) =>
        emulator.advance(ms),
  ),
  answer.map(
    (next): Step =>
      (emulator) =>
        emulator.collector.answerNext(next),
  ),
)

const run = async (steps: Step[], options: Record<string, unknown> = {}) => {
  const emulator = await startPlugin({ batch_max_size: 3, ...options })
  const streams = Array.from({ length: 4 }, () => emulator.worker(0).stream())
  const exchanges = (count: number) => {
    for (let i = 0; i < count; i++) emulator.worker(0).exchange()
  }
  // Random headers make hardly any event: a batch of whole exchanges goes before, and one after.
  for (const step of steps.slice(0, 5)) step(emulator, streams)
  exchanges(3)
  for (const step of steps.slice(5)) step(emulator, streams)
  for (const stream of streams) if (stream.phase !== 'done') stream.end()
  emulator.advance(120_000)
  exchanges(3)
  emulator.advance(60_000)
  return emulator
}

test('bears any order of callbacks', async () => {
  const steps = fc.array(fc.oneof(...streamSteps, hostStep), { maxLength: 40 })
  let received = 0
  await fc.assert(
    fc.asyncProperty(steps, async (order) => {
      const emulator = await run(order)

      expect(emulator.traps).toEqual([])
      const events = emulator.collector.events()
      expect(events.flatMap(schemaErrors)).toEqual([])
      received += events.length
    }),
    { numRuns: numRuns(200) },
  )
  expect(received).toBeGreaterThan(numRuns(200))
})

test('bears callbacks for contexts that it never saw', async () => {
  const steps = fc.array(fc.oneof(strayCallback, ...streamSteps, hostStep), { maxLength: 40 })
  let received = 0
  await fc.assert(
    fc.asyncProperty(steps, async (order) => {
      const emulator = await run(order)

      expect(emulator.traps).toEqual([])
      received += emulator.collector.events().length
    }),
    { numRuns: numRuns(200) },
  )
  expect(received).toBeGreaterThan(numRuns(200))
})

test('accounts for every event whatever the collector does', async () => {
  // The first batch is often refused for good: other drops are rare.
  const first = fc.oneof(answer, fc.constant<Answer>({ status: 401 })).map(
    (next): Step =>
      (emulator) =>
        emulator.collector.answerNext(next),
  )
  const steps = fc
    .tuple(first, fc.array(fc.oneof(...streamSteps, hostStep), { maxLength: 60 }))
    .map(([step, more]) => [step].concat(more))
  const passed = { sent: 0, dropped: 0 }
  await fc.assert(
    fc.asyncProperty(steps, async (order) => {
      const emulator = await run(order, { retry_max_age: 60_000 })

      const sums = eventSums(emulator.metrics.toObject())
      expect(balance(sums)).toBe(0)
      passed.sent += sums.sent
      passed.dropped += droppedInAll(sums)
    }),
    { numRuns: numRuns(200) },
  )
  expect(passed.sent).toBeGreaterThan(numRuns(200))
  expect(passed.dropped).toBeGreaterThan(0)
})
