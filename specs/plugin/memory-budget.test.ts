import { expect, test } from 'vitest'
import {
  HeaderMap,
  type ExchangeScript,
  type MoesifEmulator,
} from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, startPlugin, type SentEvent } from './support/plugin-under-test.ts'

const request = { ':method': 'GET', ':path': '/', ':authority': 'a', ':scheme': 'http' }

test('an exchange whose headers cannot be kept is counted and logged, and nothing of the router is shown', async () => {
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
  expect(emulator.logs.messages('error').join()).toMatch(
    /^moesif: delivery: events dropped: 1\. There is no memory for them, or for the headers/,
  )
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

const MEGABYTE = 1_000_000
const WHOLE_BUDGET_OF_BODIES = Math.floor((64 * 1024 * 1024) / MEGABYTE)
const WHOLE_BUDGET_OF_HEADERS = Math.floor((96 * 1024 * 1024) / MEGABYTE)

/** What is held for open exchanges, taken to its end: shows how much of it ended ones still hold. */
class OpenExchanges {
  readonly #emulator: MoesifEmulator
  readonly #large = HeaderMap.from({ ...request, 'x-large': 'x'.repeat(MEGABYTE - 1000) })
  readonly #body = Buffer.alloc(MEGABYTE, 'x')

  constructor(emulator: MoesifEmulator) {
    this.#emulator = emulator
  }

  /** How many keep a body of a megabyte, or of these chunks. */
  bodies(chunks = [this.#body]): number {
    const events = this.#all(WHOLE_BUDGET_OF_BODIES + 3, (stream) => {
      stream.requestHeaders(request)
      for (const chunk of chunks) stream.requestBody(chunk)
    })
    return events.filter((event) => !JSON.stringify(event.request.body).includes('too many bodies'))
      .length
  }

  /** How many keep a megabyte of headers. */
  headers(): number {
    const all = WHOLE_BUDGET_OF_HEADERS + 3
    return this.#all(all, (stream) => stream.requestHeaders(this.#large)).length
  }

  #all(count: number, pass: (stream: Stream) => void): SentEvent[] {
    const before = eventsOf(this.#emulator).length
    const streams = Array.from({ length: count }, () => this.#emulator.worker(0).stream())
    for (const stream of streams) pass(stream)
    for (const stream of streams) stream.end({ responseHeaders: { ':status': '200' } })
    return eventsOf(this.#emulator).slice(before)
  }
}

type Stream = ReturnType<ReturnType<MoesifEmulator['worker']>['stream']>

/** Over HTTP/3 headers of responses are kept; Envoy puts an answer of its own in place of the upstream's. */
function answeredTwice(stream: Stream): void {
  stream.facts.protocol = 'HTTP/3'
  stream.requestHeaders(request)
  stream.responseHeaders({ ':status': '200', 'x-large': 'x'.repeat(900_000) })
  stream.responseHeaders({ ':status': '503' })
  stream.done()
  stream.delete()
}

function outgrown(stream: Stream): void {
  stream.requestHeaders(request)
  stream.requestBody(Buffer.alloc(MEGABYTE))
  stream.requestBody(Buffer.alloc(1))
}

test('whatever an exchange held is given back when it ends', async () => {
  const emulator = await startPlugin({
    request_max_body_size_limit: MEGABYTE,
    response_max_body_size_limit: MEGABYTE,
    request_header_masks: ['x-large'],
  })
  const open = new OpenExchanges(emulator)
  const chunks = Array.from({ length: 3 }, () => 'x'.repeat(300_000))
  const large = { 'x-large': 'x'.repeat(900_000) }
  const endings: Record<string, ExchangeScript> = {
    'a request in chunks': { request: { method: 'POST', body: chunks } },
    'a response in chunks': { response: { body: chunks } },
    'a body that outgrows the limit': { request: { method: 'POST', body: [...chunks, ...chunks] } },
    'a response that is broken off': { response: { body: chunks, unfinished: true } },
    'large headers': { request: { headers: large }, response: { headers: large } },
    'large headers over HTTP/3': { protocol: 'HTTP/3', response: { headers: large } },
  }
  for (const script of Object.values(endings)) {
    for (let count = 0; count < 4; count++) emulator.worker(0).exchange(script)
  }
  for (let count = 0; count < 4; count++) answeredTwice(emulator.worker(0).stream())
  // Of a body that is too long nothing is held, however long its exchange goes on.
  for (let count = 0; count < 4; count++) outgrown(emulator.worker(0).stream())

  expect(open.bodies()).toBe(WHOLE_BUDGET_OF_BODIES)
  expect(open.headers()).toBe(WHOLE_BUDGET_OF_HEADERS)
  expect(open.bodies()).toBe(WHOLE_BUDGET_OF_BODIES)
})

test('a body that comes in chunks takes twice what it had when it needs more', async () => {
  const open = new OpenExchanges(await startPlugin({ request_max_body_size_limit: MEGABYTE }))

  // As long as that, no event holds it: nothing waits to be sent.
  const kept = open.bodies([Buffer.alloc(0.75 * MEGABYTE), Buffer.alloc(1)])
  expect(kept).toBe(Math.floor(WHOLE_BUDGET_OF_BODIES / 1.5))
})

test('headers are kept while bodies have used up all that is theirs', async () => {
  const emulator = await startPlugin({ request_max_body_size_limit: MEGABYTE })
  const streams = Array.from({ length: 70 }, () => emulator.worker(0).stream())
  for (const stream of streams) {
    stream.requestHeaders(request)
    stream.requestBody(Buffer.alloc(MEGABYTE, 'x'))
  }

  emulator.worker(0).exchange({ request: { headers: { 'x-large': 'x'.repeat(500_000) } } })

  expect(eventsOf(emulator)).toHaveLength(1)
  expect(emulator.metrics.get('moesif_events_dropped_memory_total') ?? 0).toBe(0)
})

test('a body for which there was no room is not begun again, and its reason stays', async () => {
  const emulator = await startPlugin({ request_max_body_size_limit: MEGABYTE })
  const streams = Array.from({ length: 70 }, () => emulator.worker(0).stream())
  const last = streams.at(-1)!
  for (const stream of streams) {
    stream.requestHeaders(request)
    stream.requestBody(Buffer.alloc(MEGABYTE - 1, 'x'))
  }
  for (const stream of streams) if (stream !== last) stream.end()
  const before = eventsOf(emulator).length

  last.requestBody('beyond the limit')
  last.end()

  const [event] = eventsOf(emulator).slice(before)
  expect(event?.request.body).toEqual({
    msg: 'body left out: too many bodies are being captured at once',
    length: MEGABYTE - 1 + 'beyond the limit'.length,
  })
})
