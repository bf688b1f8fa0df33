import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, type Message } from '#sandbox/emulator/index.ts'

const scripted = await compileFilter('sandbox/emulator/fixtures/scripted/filter.ts')

/** An emulator whose filter does these steps; see the filter's source. */
async function load(...steps: string[]) {
  const emulator = await Emulator.load(scripted)
  emulator.configure(steps.join(';'))
  emulator.logs.entries.length = 0
  return { emulator, worker: emulator.worker(0) }
}

const bodyOf = (message: Message | null) => message && Buffer.from(message.body).toString()

const authorise = [
  'request_headers call auth',
  'request_headers return 1',
  'http_call_response effective stream',
]

test('shows the request as the upstream gets it, and the response as the client gets it', async () => {
  const { worker } = await load(
    'request_headers set 0 x-user changed',
    'request_body#1 setbody 0 0 100 new',
    'response_headers remove 2 x-internal',
    'response_body#1 setbody 1 100 0 -end',
  )
  const exchange = worker.exchange({
    request: { method: 'POST', headers: { 'x-user': 'u' }, body: 'old' },
    response: { headers: { 'x-internal': '1' }, body: 'start' },
  })

  expect(exchange.upstreamRequest?.headers.text('x-user')).toBe('changed')
  expect(bodyOf(exchange.upstreamRequest)).toBe('new')
  expect(exchange.response?.headers.get('x-internal')).toBeUndefined()
  expect(bodyOf(exchange.response)).toBe('start-end')
  expect(exchange).toMatchObject({ isOver: true, end: 'response', localReply: null })
})

test('holds an exchange until the filter lets it go', async () => {
  const { emulator, worker } = await load(...authorise, 'http_call_response continue 0')
  emulator.callouts.answerAlways({ status: 200, delayMs: 20 })
  const exchange = worker.exchange({ request: { method: 'POST', body: ['one', 'two'] } })

  emulator.advance(19)
  expect(exchange).toMatchObject({ heldAt: 'request', upstreamRequest: null, isOver: false })
  emulator.advance(1)
  expect(bodyOf(exchange.upstreamRequest)).toBe('onetwo')
  expect(exchange).toMatchObject({ heldAt: null, isOver: true })
})

test('lets the upstream take its time behind a filter that held the request', async () => {
  const { emulator, worker } = await load(...authorise, 'http_call_response continue 0')
  const exchange = worker.exchange({ durationMs: 50 })

  emulator.advance(49)
  expect(exchange.response).toBeNull()
  emulator.advance(1)
  expect(exchange.response?.headers.text('x-envoy-upstream-service-time')).toBe('50')
})

test('sends a local reply through the response callbacks, and never asks the upstream', async () => {
  const { emulator, worker } = await load(
    ...authorise,
    'http_call_response reply 403 denied - policy',
    'log property response.code',
    'log property response.code_details',
  )
  const exchange = worker.exchange({ response: { status: 200, body: 'secret' } })
  emulator.advance(0)

  expect(exchange.localReply).toMatchObject({ status: 403, details: 'policy' })
  expect(exchange.upstreamRequest).toBeNull()
  expect(bodyOf(exchange.response)).toBe('denied')
  expect(emulator.logs.messages().slice(-8)).toEqual([
    'response_headers 0',
    'response_body 6 1',
    'log',
    '  property response.code -> 0 403',
    '  property response.code_details -> 0 policy',
    'done',
    'delete',
    'deleted',
  ])
})

test('refuses an upgrade that a filter answers', async () => {
  const { emulator, worker } = await load('request_headers reply 403 no')
  const exchange = worker.exchange({
    request: { body: 'ping' },
    response: { status: 101, body: 'pong' },
  })

  expect(exchange.response?.headers.text(':status')).toBe('403')
  expect(emulator.logs.messages()).not.toContainEqual(expect.stringMatching(/^request_body/))
})

test('ends a held exchange when its client leaves', async () => {
  const { emulator, worker } = await load('request_headers return 1', 'log property response.flags')
  const exchange = worker.exchange()
  exchange.clientLeaves()

  expect(exchange).toMatchObject({ end: 'client left', response: null })
  expect(emulator.logs.messages()).toContain('  property response.flags -> 0 16384')
})

test('ends a held exchange with the process', async () => {
  const { emulator, worker } = await load('request_headers return 1')
  const exchange = worker.exchange()
  emulator.shutDown()

  expect(exchange).toMatchObject({ end: 'cut off', heldAt: null })
  expect(worker.openStreams).toBe(0)
})

test('passes requests through a chain of plugins and responses back', async () => {
  const { emulator, worker } = await load()
  const first = emulator.configure(
    'request_headers add 0 x-by first;response_headers set 2 x-by first',
  )
  const second = emulator.configure(
    'request_headers get 0 x-by;request_headers set 0 x-by second;response_headers set 2 x-by second',
    { vmId: 'other' },
  )
  const exchange = worker.exchange({}, [first, second])

  expect(emulator.logs.messages()).toContain('  get 0 x-by -> 0 first')
  expect(exchange.upstreamRequest?.headers.text('x-by')).toBe('second')
  expect(exchange.response?.headers.text('x-by')).toBe('first')
})

test('a reply of the second plugin is seen by both', async () => {
  const { emulator, worker } = await load()
  const first = emulator.configure('response_headers get 2 :status')
  const second = emulator.configure('request_headers reply 401 no', { vmId: 'other' })
  worker.exchange({}, [first, second])

  const lines = emulator.logs.messages()
  expect(lines.filter((line) => line === 'response_headers 0')).toHaveLength(2)
  expect(lines).toContain('  get 2 :status -> 0 401')
})
