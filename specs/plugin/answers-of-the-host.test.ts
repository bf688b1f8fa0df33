import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { MoesifEmulator, Stream } from '#sandbox/emulated-plugin/index.ts'
import { startWith, when } from './support/documents.ts'
import { APPLICATION_ID, eventsOf, startPlugin } from './support/plugin-under-test.ts'

const request = { ':method': 'POST', ':path': '/', ':authority': 'a', ':scheme': 'http' }
const LONG = 'x'.repeat(60_000)
/** Long answers that each callback gets here. */
const COUNT = 100
/** What they would take together, were none taken back, is a hundred pages. */
const FEW_PAGES = 20

const many = <T>(make: () => T): T[] => Array.from({ length: COUNT }, make)

function open(emulator: MoesifEmulator, address?: string): Stream {
  const stream = emulator.worker(0).stream()
  if (address !== undefined) stream.facts.overrides.set('source.address', address)
  return stream
}

const ofBodyAndAddress = {
  config: {},
  rules: [
    {
      _id: 'r',
      type: 'regex' as const,
      block: true,
      regex_config: [
        {
          conditions: [
            { path: 'request.body.a', value: 'b' },
            { path: 'request.ip_address', value: 'x' },
          ],
        },
      ],
    },
  ],
}
const json = { ...request, 'content-type': 'application/json' }

/** Streams that wait for a body, of which a rule wants to know the address. */
async function waiting(): Promise<[MoesifEmulator, Stream[]]> {
  const emulator = await startWith(ofBodyAndAddress, { client_ip_sources: null })
  const streams = many(() => open(emulator, LONG))
  for (const stream of streams) stream.requestHeaders(json)
  return [emulator, streams]
}

type Story = () => Promise<[MoesifEmulator, () => void]>

const stories: [callback: string, story: Story][] = [
  [
    'on_request_headers',
    async () => {
      const emulator = await startPlugin({ skip: when('request.route', '.') })
      const streams = many(() => open(emulator))
      return [
        emulator,
        () => {
          for (const stream of streams) stream.requestHeaders({ ...request, 'x-long': LONG })
        },
      ]
    },
  ],
  [
    'on_request_body',
    async () => {
      const [emulator, streams] = await waiting()
      return [
        emulator,
        () => {
          for (const stream of streams) stream.requestBody('{"a":1}', { endOfStream: true })
        },
      ]
    },
  ],
  [
    'on_request_trailers',
    async () => {
      const [emulator, streams] = await waiting()
      for (const stream of streams) stream.requestBody('{"a":1}')
      return [
        emulator,
        () => {
          for (const stream of streams) stream.requestTrailers({})
        },
      ]
    },
  ],
  [
    'on_response_headers',
    async () => {
      const emulator = await startPlugin()
      const stream = open(emulator)
      stream.facts.protocol = 'HTTP/3'
      stream.requestHeaders(request)
      return [
        emulator,
        () => {
          for (let i = 0; i < COUNT; i++)
            stream.responseHeaders({ ':status': '200', 'x-long': LONG })
        },
      ]
    },
  ],
  [
    'on_log',
    async () => {
      const emulator = await startPlugin({ response_header_masks: ['x-long'] })
      const streams = many(() => open(emulator))
      for (const stream of streams) stream.requestHeaders(request)
      const responseHeaders = { ':status': '200', 'x-long': LONG }
      return [
        emulator,
        () => {
          for (const stream of streams) stream.log({ responseHeaders })
        },
      ]
    },
  ],
  [
    'on_done',
    async () => {
      const emulator = await startPlugin()
      const streams = many(() => open(emulator, LONG))
      for (const stream of streams) stream.requestHeaders(request)
      return [
        emulator,
        () => {
          for (const stream of streams) stream.done()
        },
      ]
    },
  ],
  [
    'on_configure',
    async () => {
      const emulator = await startPlugin()
      const document = JSON.stringify({ moesif_application_id: APPLICATION_ID })
      return [
        emulator,
        () => {
          for (let i = 0; i < COUNT; i++) emulator.configure(document + ' '.repeat(60_000 + i))
        },
      ]
    },
  ],
  [
    'on_http_call_response',
    async () => {
      const emulator = await startPlugin(
        { batch_max_size: 1 },
        { random: (bytes) => bytes.fill(0) },
      )
      emulator.advance(6000)
      emulator.collector.answerAlways({ refuse: 10 })
      for (let i = 0; i < COUNT; i++) emulator.worker(0).exchange()
      // One that is answered sends the next one, with no tick between.
      emulator.collector.answerAlways({ status: 201, headers: { 'x-moesif-config-etag': LONG } })
      return [emulator, () => emulator.advance(200)]
    },
  ],
  [
    'on_tick',
    async () => {
      const emulator = await startPlugin({ enable_governance: true })
      emulator.collector.answerFetches({ lost: true })
      return [emulator, () => emulator.advance(900_000)]
    },
  ],
]

test.each(stories)(
  'what the host answers to calls of %s is taken back',
  async (callback, story) => {
    const [emulator, play] = await story()
    const before = emulator.memoryPages

    play()

    expect(emulator.traps).toEqual([])
    expect(emulator.memoryPages - before).toBeLessThan(callback === 'on_tick' ? 1 : FEW_PAGES)
  },
)

test('an answer that did not come to where it was to be put leaves the next one where it belongs', async () => {
  const limit = 200
  const emulator = await startPlugin({ request_max_body_size_limit: limit })
  const [other, stream] = [open(emulator), open(emulator)]
  other.requestHeaders({ ...request, 'content-encoding': 'gzip', 'content-type': 'text/plain' })
  other.requestBody(gzipSync('x'.repeat(limit)), { endOfStream: true })
  stream.requestHeaders(request)

  // The host shows nothing of it.
  stream.vm.call('proxy_on_request_body', stream, stream.id, limit, 0)
  const answer = { ':status': '200', 'x-answer': 'a'.repeat(100) }
  other.end({ responseHeaders: answer })
  stream.end({ responseHeaders: answer })

  const [event, unseen] = eventsOf(emulator)
  expect(event?.response?.headers).toEqual({ 'x-answer': answer['x-answer'] })
  expect(unseen?.request.body).toEqual({
    msg: 'body left out: Envoy did not show all of it',
    length: limit,
  })
})

test('nor does a compression that the host does not have', async () => {
  const emulator = await startPlugin({ batch_max_size: 1, enable_compression: true })
  emulator.foreignFunctions.delete('compress')
  const answer = { ':status': '200', 'x-answer': 'a'.repeat(200) }
  const streams = [open(emulator), open(emulator), open(emulator)]
  for (const stream of streams) stream.requestHeaders(request)
  // So large that the next event is written where there was memory for the compressed one.
  streams[0]!.requestBody('x'.repeat(6000), { endOfStream: true })
  for (const stream of streams) stream.end({ responseHeaders: answer })

  const headers = eventsOf(emulator).map(({ response }) => response?.headers)
  expect(headers).toEqual(streams.map(() => ({ 'x-answer': answer['x-answer'] })))
})

test('a chunk of which the host shows less than it said is not all of the body', async () => {
  const emulator = await startPlugin()
  const stream = open(emulator)
  stream.requestHeaders(request)
  stream.requestBody('12345')
  // Its callback is over: nothing is shown any more.
  stream.vm.call('proxy_on_request_body', stream, stream.id, 3, 1)
  stream.requestBody('678')
  stream.end({ responseHeaders: { ':status': '200' } })

  expect(eventsOf(emulator)[0]?.request.body).toEqual({
    msg: 'body left out: Envoy did not show all of it',
    length: 11,
  })
})

test('an empty chunk is no end of a body, wherever it comes', async () => {
  const emulator = await startPlugin()
  const stream = open(emulator)
  stream.requestHeaders(request)
  for (const chunk of ['', 'a', '', 'bc', '']) stream.requestBody(chunk)
  stream.responseHeaders({ ':status': '200' })
  for (const chunk of ['', 'd', '', 'ef', '']) stream.responseBody(chunk)
  stream.responseBody('', { endOfStream: true })
  stream.requestBody('', { endOfStream: true })
  stream.end()

  const [event] = eventsOf(emulator)
  const texts = [event?.request, event?.response].map((message) =>
    Buffer.from(String(message?.body), 'base64').toString(),
  )
  expect(texts).toEqual(['abc', 'def'])
  expect(event?.metadata).not.toHaveProperty('incomplete')
})

test('a body in pieces takes no more of the budget than it would take whole', async () => {
  // Nothing of a body that cannot be masked is in its event.
  const emulator = await startPlugin({
    request_max_body_size_limit: 1_000_000,
    request_body_masks: ['password'],
  })
  const pieces = [300_000, 100_000, 200_000].map((size) => Buffer.alloc(size, 'x'))
  const streams = Array.from({ length: 113 }, () => open(emulator))
  for (const stream of streams) {
    stream.requestHeaders(request)
    for (const piece of pieces) stream.requestBody(piece)
  }
  for (const stream of streams) stream.end({ responseHeaders: { ':status': '200' } })

  const bodies = eventsOf(emulator).map((event) => JSON.stringify(event.request.body))
  expect(bodies).toHaveLength(113)
  expect(bodies.filter((body) => !body.includes('too many bodies'))).toHaveLength(
    Math.floor((64 * 1024 * 1024) / 600_000),
  )
})

const script = (protocol: 'HTTP/2' | 'HTTP/3') => ({
  protocol,
  response: { headers: { 'x-note': 'kept' }, body: 'b' },
})

test.each([
  [63, undefined],
  [64, 'kept'],
  [65, undefined],
  [128, 'kept'],
])(
  'after %i exchanges of other protocols, headers of one over HTTP/3 are %s',
  async (count, note) => {
    const emulator = await startPlugin({ batch_max_size: 1000 })
    for (let i = 0; i < count; i++) emulator.worker(0).exchange(script('HTTP/2'))
    emulator.worker(0).exchange(script('HTTP/3'))

    expect(eventsOf(emulator).at(-1)?.response?.headers['x-note']).toBe(note)
  },
)
