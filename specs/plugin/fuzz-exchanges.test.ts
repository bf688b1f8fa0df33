import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { exchange, numRuns } from './support/arbitrary-exchange.ts'
import { startPlugin } from './support/plugin-under-test.ts'
import { schemaErrors } from './support/event-schema.ts'

const options = { user_id_header: 'X-User-Id', company_id_header: 'X-Company-Id' }

test(
  'makes a valid event of any exchange, and never traps',
  { timeout: numRuns(60_000) },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exchange, { minLength: 1, maxLength: 4 }), async (scripts) => {
        const emulator = await startPlugin(options)
        for (const script of scripts) emulator.worker(0).exchange(script)
        emulator.advance(3000)

        expect(emulator.traps).toEqual([])
        const events = emulator.collector.events()
        expect(events.map(schemaErrors)).toEqual(events.map(() => []))
        expect(events).toHaveLength(emulator.metrics.get('moesif_events_captured_total') ?? 0)
      }),
      { numRuns: numRuns(200) },
    )
  },
)

test('gives back what it allocated for them', { timeout: numRuns(60_000) }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(exchange, { minLength: 5, maxLength: 20 }), async (scripts) => {
      const emulator = await startPlugin(options)
      const round = () => {
        for (const script of scripts) emulator.worker(0).exchange(script)
        emulator.advance(3000)
      }
      for (let count = 0; count < 3; count++) round()
      const pages = emulator.memoryPages
      for (let count = 0; count < 10; count++) round()

      expect(emulator.memoryPages).toBe(pages)
    }),
    { numRuns: numRuns(8) },
  )
})
