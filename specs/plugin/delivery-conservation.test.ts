import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Status, type Answer } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

/** The longest period of the plugin's ticks. */
const TICK_MS = 100

const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ status: fc.constant(201), delayMs: fc.nat(3000) }) },
  fc.record({ status: fc.constantFrom(400, 401, 408, 413, 429, 500, 503), delayMs: fc.nat(3000) }),
  fc.record({
    unreachable: fc.constantFrom('connection-refused' as const, 'terminated' as const),
    delayMs: fc.nat(1000),
  }),
  fc.record({ reset: fc.constant(true as const), delayMs: fc.nat(1000) }),
  fc.constant({ silent: true as const }),
  fc.record({ refuse: fc.constantFrom(Status.InternalFailure, Status.BadArgument) }),
  fc.record({
    status: fc.constant(429),
    headers: fc.record({ 'retry-after': fc.constantFrom('1', '3', 'x') }),
  }),
)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      request: fc.integer({ min: 1, max: 12 }),
      worker: fc.nat(1),
      bytes: fc.nat(3000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ advance: fc.nat(4000) }) },
  { weight: 2, arbitrary: fc.record({ answer }) },
  {
    weight: 1,
    arbitrary: fc.record({ update: fc.integer({ min: 1, max: 9 }), elsewhere: fc.boolean() }),
  },
)

const options = fc.record({
  batch_max_size: fc.integer({ min: 1, max: 20 }),
  batch_max_wait: fc.integer({ min: 50, max: 3000 }),
  batch_max_bytes: fc.integer({ min: 1024, max: 20_000 }),
  queue_max_bytes: fc.integer({ min: 16_384, max: 60_000 }),
  queue_overflow: fc.constantFrom('drop_newest', 'drop_oldest'),
  retry_max_age: fc.integer({ min: 1000, max: 20_000 }),
  enable_compression: fc.boolean(),
  connection_timeout: fc.integer({ min: 1, max: 3000 }),
  shutdown_max_bytes: fc.integer({ min: 0, max: 20_000 }),
})

/** The transaction ids that the collector answered 2xx to, and all that reached it. */
function received(scene: DeliveryScene): { confirmed: Set<string>; delivered: Set<string> } {
  const confirmed = new Set<string>()
  const delivered = new Set<string>()
  for (const call of scene.calls) {
    if (call.state === 'refused') continue
    const { state, timeoutMs, answer: given } = call
    const inTime = 'status' in given && given.status === 201 && (given.delayMs ?? 0) < timeoutMs
    for (const id of scene.transactionIds(call)) {
      delivered.add(id)
      if (inTime && state === 'answered') confirmed.add(id)
    }
  }
  return { confirmed, delivered }
}

test('accounts for every event at every moment, whatever the collector does', async () => {
  await fc.assert(
    fc.asyncProperty(
      options,
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (given, steps) => {
        const scene = await DeliveryScene.open(null, { workers: 2 })
        let plugin = scene.configure(given)
        let requests = 0

        for (const what of steps) {
          if ('request' in what) {
            requests += what.request
            scene.request(what.request, {
              plugin,
              worker: what.worker,
              body: JSON.stringify('x'.repeat(what.bytes)),
            })
          } else if ('advance' in what) scene.advance(what.advance)
          else if ('answer' in what) scene.collector.answerAlways(what.answer)
          else {
            const application = what.elsewhere
              ? { moesif_application_id: `application-id-${what.update}` }
              : {}
            const next = scene.configure({ ...given, batch_max_size: what.update, ...application })
            if (next !== plugin) plugin.remove()
            plugin = next
          }
          // New events show at the next tick; what shows adds up even before.
          expect(scene.ledger().captured).toBeLessThanOrEqual(requests)
          if ('advance' in what && what.advance >= TICK_MS) {
            expect(scene.ledger().captured).toBe(requests)
          }
        }
        scene.collector.answerAlways({ status: 201, delayMs: 0 })
        scene.emulator.shutDown()

        const { captured, sent, unconfirmed, pending } = scene.ledger()
        expect(captured).toBe(requests)
        const { confirmed, delivered } = received(scene)
        expect(pending).toBe(0)
        expect(confirmed.size).toBe(sent)
        expect(delivered.size).toBeGreaterThanOrEqual(sent + unconfirmed)
      },
    ),
    { numRuns: 20 },
  )
})
