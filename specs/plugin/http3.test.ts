import { expect, test } from 'vitest'
import type { MoesifEmulator, ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const json = { 'content-type': 'application/json' }
const script = {
  protocol: 'HTTP/3',
  request: { method: 'POST', path: '/orders', scheme: 'https', headers: json, body: '{"a":1}' },
  response: { status: 201, headers: { ...json, 'x-note': 'kept' }, body: '{"id":7}' },
} as const satisfies ExchangeScript

const headersShown = (emulator: MoesifEmulator) =>
  eventsOf(emulator).map(({ response }) => response?.headers['x-note'] !== undefined)

test('an exchange that Envoy never logs is an event with all of its parts', async () => {
  const event = await eventOf(script)

  expect(schemaErrors(event)).toEqual([])
  expect(event.request).toMatchObject({ verb: 'POST', headers: json, body: { a: 1 } })
  expect(event.response).toMatchObject({
    status: 201,
    headers: { ...json, 'x-note': 'kept' },
    body: { id: 7 },
  })
  expect(event.metadata).not.toHaveProperty('truncated')
})

test('headers of the upstream connection only are left out', async () => {
  const hopByHop = {
    connection: 'keep-alive',
    'keep-alive': 'timeout=5',
    'proxy-connection': 'close',
    'transfer-encoding': 'chunked',
    upgrade: 'h2c',
  }
  const event = await eventOf({
    ...script,
    response: { ...script.response, headers: { ...json, ...hopByHop } },
  })

  const left = Object.keys(event.response?.headers ?? {})
  expect(left.filter((name) => name in hopByHop)).toEqual([])
  expect(event.response?.headers).toMatchObject(json)
})

test('masks and identity hold for response headers that were kept', async () => {
  const event = await eventOf(
    { ...script, response: { ...script.response, headers: { 'x-user-id': 'u1', 'x-note': 'n' } } },
    { user_id_header: 'X-User-Id', response_header_masks: ['x-note'] },
  )

  expect(event.user_id).toBe('u1')
  expect(event.response?.headers).not.toHaveProperty('x-note')
})

test('reset in the middle of the response, it is logged as others are', async () => {
  const event = await eventOf({
    ...script,
    response: { ...script.response, body: ['{"id"'], unfinished: true },
    facts: { codeDetails: 'upstream_reset_after_response_started{protocol_error}' },
  })

  expect(event.response).toMatchObject({ status: 201, transfer_encoding: 'base64' })
})

test('a gRPC status, which stands in trailers that were not seen, is not made up', async () => {
  const grpc = { 'content-type': 'application/grpc' }
  const event = await eventOf({
    protocol: 'HTTP/3',
    request: { method: 'POST', headers: grpc, body: 'frame' },
    response: { headers: grpc, body: 'frame', trailers: { 'grpc-status': '0' } },
  })

  expect(event.metadata).not.toHaveProperty('grpc_status')
})

test('the first after many of other protocols lacks response headers and says so, later ones have them', async () => {
  const emulator = await startPlugin({ batch_max_size: 100 })
  for (let count = 0; count < 10; count++) {
    emulator.worker(0).exchange({ ...script, protocol: 'HTTP/2' })
  }
  for (let count = 0; count < 3; count++) emulator.worker(0).exchange(script)

  const events = eventsOf(emulator)
  expect(events.flatMap(schemaErrors)).toEqual([])
  const [first, ...later] = events.slice(10)
  expect(first?.response).toMatchObject({ status: 201, headers: NOTHING })
  expect(first?.metadata?.['truncated']).toBe('response headers')
  expect(later.map(({ response }) => response?.headers['x-note'])).toEqual(['kept', 'kept'])
})

test('one exchange in 64 is asked, and one over HTTP/3 has its headers then', async () => {
  for (const [before, isShown] of [
    [63, false],
    [64, true],
    [65, false],
    [128, true],
  ] as const) {
    const emulator = await startPlugin({ batch_max_size: 1000 })
    for (let count = 0; count < before; count++) {
      emulator.worker(0).exchange({ ...script, protocol: 'HTTP/2' })
    }
    emulator.worker(0).exchange(script)

    expect(headersShown(emulator).at(-1), `${before}`).toBe(isShown)
  }
})

test('protocols may alternate', async () => {
  const emulator = await startPlugin({ batch_max_size: 100 })
  for (const protocol of ['HTTP/3', 'HTTP/1.1', 'HTTP/3', 'HTTP/2', 'HTTP/3'] as const) {
    emulator.worker(0).exchange({ ...script, protocol })
  }

  expect(headersShown(emulator)).toEqual([true, true, true, true, true])
})

test('while none is spoken, few exchanges are asked for their protocol', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000, disable_metadata: true })
  const exchange = () => emulator.worker(0).exchange({ ...script, protocol: 'HTTP/2' })
  exchange()
  emulator.hostCalls.reset()
  for (let count = 0; count < 128; count++) exchange()
  const asked = emulator.hostCalls.of('proxy_get_property').calls

  // The client's address and the direction of each, and the start of one in sixteen.
  expect(asked).toBeLessThan(128 * 2 + 128 / 16 + 4)
})

test('what is kept of an exchange is given back', async () => {
  const emulator = await startPlugin({ batch_max_size: 100 })
  const big = { ...script.response, headers: { 'x-note': 'n'.repeat(60_000) } }
  const play = () => {
    for (let count = 0; count < 2000; count++) {
      emulator.worker(0).exchange({ ...script, response: big })
      if (count % 100 === 99) emulator.advance(1000)
    }
  }
  play()
  const before = emulator.memoryPages
  play()

  expect(emulator.memoryPages).toBe(before)
  expect(emulator.metrics.toObject()['moesif_events_captured_total']).toBe(4000)
})

test('exchanges that overlap with the first one over HTTP/3 have their headers', async () => {
  const emulator = await startPlugin()
  const streams = Array.from({ length: 3 }, () => emulator.worker(0).stream())
  for (const stream of streams) {
    stream.facts.protocol = 'HTTP/3'
    stream.requestHeaders({ ':method': 'GET', ':path': '/', ':authority': 'a', ':scheme': 'https' })
  }
  for (const stream of streams) stream.responseHeaders({ ':status': '200', 'x-note': 'kept' })
  for (const stream of streams) {
    stream.done()
    stream.delete()
  }

  expect(headersShown(emulator)).toEqual([true, true, true])
})
