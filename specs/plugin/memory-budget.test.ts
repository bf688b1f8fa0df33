import { expect, test } from 'vitest'
import { HeaderMap } from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

const request = { ':method': 'GET', ':path': '/', ':authority': 'a', ':scheme': 'http' }

test('an exchange whose headers cannot be kept is counted, and nothing of the router is shown', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  // One map for all, so that the emulator encodes it once.
  const large = HeaderMap.from({ ...request, 'x-large': 'x'.repeat(4_000_000) })
  const streams = Array.from({ length: 30 }, () => emulator.worker(0).stream())
  for (const stream of streams) stream.requestHeaders(large, { endOfStream: true })
  for (const stream of streams) {
    stream.end({ requestHeaders: { ...request, authorization: 'injected' } })
  }

  const events = eventsOf(emulator)

  expect(JSON.stringify(events)).not.toContain('injected')
  const lost = emulator.metrics.get('moesif_events_dropped_memory_total') ?? 0
  expect(lost).toBeGreaterThan(0)
  expect(emulator.metrics.get('moesif_events_captured_total')).toBe(30)
  expect(events).toHaveLength(30 - lost)
})

test('what ended gives its memory back to what comes', async () => {
  const emulator = await startPlugin({ request_max_body_size_limit: 1_000_000 })
  const body = Buffer.alloc(700_000, 'x')
  const rounds = []
  for (let round = 0; round < 4; round++) {
    const streams = Array.from({ length: 5 }, () => emulator.worker(0).stream())
    for (const stream of streams) {
      stream.requestHeaders(request)
      stream.requestBody(body)
    }
    for (const stream of streams) {
      stream.end({ responseHeaders: { ':status': '200' } })
      emulator.advance(3000)
    }
    rounds.push(emulator.memoryPages)
  }

  expect(rounds[3]).toBe(rounds[1])
  const bodies = eventsOf(emulator).map((event) => event.request.transfer_encoding)
  expect(bodies).toEqual(Array(20).fill('base64'))
})
