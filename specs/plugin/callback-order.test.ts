import { expect, test } from 'vitest'
import { balance, eventSums } from '#mock-moesif/model/event-sums.ts'
import type { MoesifEmulator, Stream } from '#sandbox/emulated-plugin/index.ts'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

const request = { ':method': 'GET', ':path': '/', ':authority': 'a', ':scheme': 'http' }
const response = { ':status': '200' }

const play = async (callbacks: (stream: Stream, emulator: MoesifEmulator) => void) => {
  const emulator = await startPlugin()
  callbacks(emulator.worker(0).stream(), emulator)
  return eventsOf(emulator)
}

test('on_done without on_log, as HTTP/3 has it, is an event', async () => {
  const events = await play((stream) => {
    stream.requestHeaders(request)
    stream.done()
    stream.delete()
  })

  expect(events).toHaveLength(1)
})

test('on_done without request headers: no event', async () => {
  const events = await play((stream) => {
    stream.responseHeaders(response)
    stream.done()
    stream.delete()
  })

  expect(events).toEqual([])
})

test('on_log after on_done is not a second event', async () => {
  const events = await play((stream) => {
    stream.requestHeaders(request)
    stream.responseHeaders(response)
    stream.done()
    stream.log()
    stream.delete()
  })

  expect(events).toHaveLength(1)
})

test('on_log twice is one event', async () => {
  const events = await play((stream) => {
    stream.requestHeaders(request)
    stream.log({ responseHeaders: response })
    stream.log({ responseHeaders: response })
    stream.done()
    stream.delete()
  })

  expect(events).toHaveLength(1)
})

test('bodies before headers, and a response without a request', async () => {
  const events = await play((stream) => {
    stream.responseBody('early')
    stream.requestBody('early')
    stream.responseHeaders(response)
    stream.end({ requestHeaders: request })
  })

  expect(events[0]?.response?.status).toBe(200)
})

test('request headers twice: the first are what the client sent', async () => {
  const events = await play((stream) => {
    stream.requestHeaders(request)
    stream.requestHeaders({ ...request, ':path': '/second' })
    stream.responseHeaders(response)
    stream.end()
  })

  expect(events[0]?.request.uri).toBe('http://a/')
})

test('callbacks for contexts that were deleted or never made are without effect', async () => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(request)
  stream.responseHeaders(response)
  stream.end()
  const ghosts = [stream.id, 4_000_000_000, 0]
  const { vm } = stream

  for (const id of ghosts) {
    for (const callback of ['proxy_on_log', 'proxy_on_done', 'proxy_on_tick']) {
      vm.call(callback, stream, id)
    }
    expect(vm.call('proxy_on_request_headers', stream, id, 4, 1)).toBe(0)
    expect(vm.call('proxy_on_request_body', stream, id, 10, 1)).toBe(0)
    expect(vm.call('proxy_on_response_headers', stream, id, 4, 1)).toBe(0)
    expect(vm.call('proxy_on_response_body', stream, id, 10, 1)).toBe(0)
    vm.call('proxy_on_http_call_response', stream, id, 1, 2, 3, 0)
  }

  expect(emulator.traps).toEqual([])
  expect(eventsOf(emulator)).toHaveLength(1)
})

test('a stream of a parent that is unknown is let through', async () => {
  const emulator = await startPlugin()
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(request)

  stream.vm.call('proxy_on_context_create', stream, 77_777, 66_666)
  expect(stream.vm.call('proxy_on_request_headers', stream, 77_777, 4, 1)).toBe(0)

  expect(emulator.traps).toEqual([])
})

test('a thousand streams open at once keep their own state, in whatever order they end', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const streams = Array.from({ length: 1000 }, () => emulator.worker(0).stream())
  for (const [index, stream] of streams.entries()) {
    stream.requestHeaders({ ...request, ':path': `/${index}` }, { endOfStream: true })
  }

  const shuffled = streams.map((stream, index) => ({ stream, at: (index * 571) % 1000 }))
  shuffled.sort((a, b) => a.at - b.at)
  for (const { stream } of shuffled) {
    stream.responseHeaders(response, { endOfStream: true })
    stream.end()
  }

  const paths = eventsOf(emulator).map((event) => new URL(event.request.uri).pathname)
  expect(new Set(paths).size).toBe(1000)
  expect(emulator.worker(0).openStreams).toBe(0)
})

test.each([
  ['with nothing to send is over: the last stream is no event', 0, { captured: 0, dropped: {} }],
  [
    'while its final flush is unanswered drops the last event, and counts it',
    1,
    { captured: 2, unconfirmed: 1, dropped: { shutdown: 1 } },
  ],
])('a root that ends before its last stream, %s', async (_, before, expected) => {
  const emulator = await startPlugin()
  emulator.collector.answerAlways({ status: 201, delayMs: 60_000 })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders(request)
  for (let count = 0; count < before; count++) emulator.worker(0).exchange()
  const { root, vm } = stream

  vm.call('proxy_on_done', root, root.id)
  stream.responseHeaders(response)
  stream.end()
  emulator.advance(1000)

  expect(emulator.traps).toEqual([])
  expect(emulator.collector.calls).toHaveLength(before)
  const sums = eventSums(emulator.metrics.toObject())
  expect(sums).toMatchObject({ sent: 0, pending: 0, ...expected })
  expect(balance(sums)).toBe(0)
})

test('streams that overlap and end in any order are an event each', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const open: Stream[] = []
  for (let count = 0; count < 3000; count++) {
    const stream = emulator.worker(0).stream()
    stream.requestHeaders({ ...request, ':path': `/${count}` }, { endOfStream: true })
    open.push(stream)
    // Enough at once for ids to collide in the table of open streams.
    if (open.length > 120) open.splice((count * 7919) % open.length, 1)[0]?.end()
  }
  for (const stream of open) stream.end()

  const paths = eventsOf(emulator).map((event) => Number(event.request.uri.split('/').at(-1)))

  expect(paths.sort((a, b) => a - b)).toEqual(Array.from({ length: 3000 }, (_, i) => i))
})

test('many streams at once in memory that large bodies have used before are an event each', async () => {
  const emulator = await startPlugin({ batch_max_size: 1000 })
  const body = Buffer.alloc(100_000, 'x')
  for (let count = 0; count < 5; count++) {
    emulator.worker(0).exchange({ request: { method: 'POST', body } })
  }
  const streams = Array.from({ length: 600 }, () => emulator.worker(0).stream())
  for (const stream of streams) stream.requestHeaders(request, { endOfStream: true })
  for (const stream of streams) stream.end()

  expect(eventsOf(emulator)).toHaveLength(605)
})
