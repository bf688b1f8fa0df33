import { expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator, type EmulatorOptions, type ExchangeScript } from '#sandbox/emulator/index.ts'

const probe = await compileFilter('sandbox/emulator/fixtures/probe.ts')
const start = Date.UTC(2026, 0, 1)

async function load(configuration = '', options: EmulatorOptions = {}) {
  const emulator = await Emulator.load(probe, { now: start, ...options })
  emulator.configure(configuration)
  emulator.logs.entries.length = 0
  return emulator
}

/** What the probe saw of one exchange; contexts are left out. */
async function callbacksOf(script: ExchangeScript) {
  const emulator = await load()
  emulator.worker(0).exchange(script)
  return emulator.logs.messages().filter((line) => !/^(create|log|done|delete)/.test(line))
}

test('ends a bodyless exchange with the headers', async () => {
  expect(await callbacksOf({})).toEqual(['request_headers 6 1', 'response_headers 2 1'])
})

test('ends an HTTP/1.1 body with an empty chunk', async () => {
  const seen = await callbacksOf({
    request: { method: 'POST', body: ['ab', 'c'] },
    response: { body: 'd' },
  })

  expect(seen).toEqual([
    'request_headers 6 0',
    'request_body 2 0 ab',
    'request_body 1 0 c',
    'request_body 0 1 ',
    'response_headers 2 0',
    'response_body 1 0 d',
    'response_body 0 1 ',
  ])
})

test('ends an HTTP/2 body with its last chunk', async () => {
  const request = { method: 'POST', body: ['ab', 'c'] }

  expect(await callbacksOf({ protocol: 'HTTP/2', request, response: { status: 204 } })).toEqual([
    'request_headers 6 0',
    'request_body 2 0 ab',
    'request_body 1 1 c',
    'response_headers 2 1',
  ])
})

test('ends no body chunk where trailers follow', async () => {
  const seen = await callbacksOf({
    protocol: 'HTTP/2',
    request: { method: 'POST', body: 'ab', trailers: { t: '1' } },
    response: { body: 'c', trailers: { 'grpc-status': '0' } },
  })

  expect(seen).toEqual([
    'request_headers 6 0',
    'request_body 2 0 ab',
    'request_trailers t=1',
    'response_headers 2 0',
    'response_body 1 0 c',
    'response_trailers grpc-status=0',
  ])
})

test('shows frames of an upgraded connection as body chunks without an end', async () => {
  expect(
    await callbacksOf({ request: { body: 'ping' }, response: { status: 101, body: 'pong' } }),
  ).toEqual([
    'request_headers 6 0',
    'request_body 0 0 ',
    'response_headers 1 0',
    'response_body 0 0 ',
    'request_body 4 0 ping',
    'response_body 4 0 pong',
  ])
})

test('hides the body of a request that Envoy answers while decoding it', async () => {
  const request = { method: 'POST', body: 'never seen' }
  const response = { status: 404, localReply: 'while-decoding' } as const

  expect(await callbacksOf({ request, response })).toEqual([
    'request_headers 6 0',
    'response_headers 1 1',
  ])
})

test('logs a refused exchange that no other callback saw', async () => {
  const emulator = await load()
  const properties = { 'response.code_details': 'low_version' }
  emulator.worker(0).exchange({ refusedBeforeFilter: true, response: { status: 426 }, properties })

  expect(emulator.logs.messages()).toEqual([
    'create 2 of 1',
    'log / low_version',
    'done 2',
    'delete 2',
  ])
})

test('does not log a whole exchange over HTTP/3, nor show one that an earlier filter refused', async () => {
  const emulator = await load()
  const last = () => emulator.logs.messages().at(-3)?.split(' ')[0]
  const whole = { protocol: 'HTTP/3', response: { body: 'd' } } as const

  emulator.worker(0).exchange(whole)
  expect(emulator.logs.messages().filter((line) => line.startsWith('log'))).toEqual([])
  emulator.worker(0).exchange({ ...whole, response: { body: 'd', unfinished: true } })
  expect(last()).toBe('log')
  emulator.logs.entries.length = 0
  emulator.worker(0).exchange({ ...whole, refusedBeforeFilter: true })
  expect(emulator.logs.entries).toEqual([])
  expect(emulator.worker(0).openStreams).toBe(0)
})

test('shows each map in its own phase, and the routed request in on_log', async () => {
  const emulator = await load('maps')
  emulator.worker(0).exchange({
    request: {
      headers: { 'x-request-id': 'r', 'x-user': 'u', 'x-forwarded-proto': 'https' },
      routed: { ':path': '/rewritten', 'x-user': null },
    },
    response: { status: 200, headers: { connection: 'close', a: ['1', '2'] } },
  })
  const maps = emulator.logs.messages().filter((line) => line.includes(' | '))

  const client = ':authority=api.example.com :path=/ :method=GET :scheme=http x-request-id=r'
  const routed =
    ':authority=api.example.com :path=/rewritten :method=GET :scheme=http x-request-id=r x-forwarded-proto=https'
  expect(maps).toEqual([
    `rq ${client} x-user=u x-forwarded-proto=https | - | status 2`,
    'rs - | 200 | status 1',
    `log ${routed} x-envoy-expected-rq-timeout-ms=15000 | ` +
      ':status=200 a=1 a=2 x-envoy-upstream-service-time=0 date=Thu, 01 Jan 2026 00:00:00 GMT server=envoy' +
      ' | - | status 1 | ',
  ])
})

test('fires ticks by the clock that the spec moves', async () => {
  const emulator = await load('tick')
  emulator.advance(250)

  expect(emulator.logs.messages()).toEqual([`tick 1 at ${start + 100}`, `tick 1 at ${start + 200}`])
})

test('restarts the timer at each set_tick_period, so that a busy stream can starve it', async () => {
  const emulator = await load('tick restart-tick')
  for (let request = 0; request < 5; request++) {
    emulator.advance(60)
    emulator.worker(0).exchange()
  }

  expect(emulator.metrics.get('probe_ticks')).toBeUndefined()
})

test('shares metrics over workers: counters only grow, gauges add, histograms cannot be read', async () => {
  const emulator = await load('tick', { workers: 2, mainThread: true, logLevel: 'debug' })
  emulator.advance(100)

  expect(emulator.metrics.toObject()).toEqual({
    probe_ticks: 3,
    probe_gauge: 6,
    probe_histogram: 111,
  })
  expect(emulator.metrics.samples('probe_histogram')).toEqual([37, 37, 37])
  expect(emulator.logs.messages('debug')).toEqual(Array(3).fill('metrics 2 2'))
})

test('never gives the canary a tick', async () => {
  const emulator = await load('tick call-on-tick', { canary: true })
  emulator.advance(100)

  expect(emulator.callouts.calls).toHaveLength(1)
})

const firstCall = async (script: (emulator: Emulator) => void, wait = 1000) => {
  const emulator = await load('tick call-on-tick')
  script(emulator)
  emulator.advance(100)
  emulator.advance(99)
  const early = emulator.logs.messages().slice(1)
  emulator.advance(wait)
  return [...early, ...emulator.logs.messages().filter((line) => line.startsWith('answer to 4:'))]
}

test('records a call and answers it as scripted', async () => {
  const emulator = await load('tick call-on-tick')
  emulator.callouts.answerNext({
    status: 429,
    headers: { 'retry-after': '2' },
    body: 'slow down',
    delayMs: 30,
  })
  emulator.advance(129)
  const [call] = emulator.callouts.calls

  expect(call).toMatchObject({
    cluster: 'collector',
    timeoutMs: 500,
    state: 'pending',
    thread: 'worker 0',
  })
  expect(call?.headers).toMatchObject({ ':method': 'POST', ':path': '/v1/events/batch' })
  emulator.advance(1)
  expect(call?.state).toBe('answered')
  expect(emulator.logs.messages().at(-1)).toBe('answer to 4: 4 0 429 slow down')
})

test('answers 504 itself at the timeout of a call', async () => {
  const lines = await firstCall((emulator) => emulator.callouts.answerNext({ silent: true }))

  expect(lines).toEqual(['call 0', 'answer to 4: 3 0 504 upstream request timeout'])
})

test('never calls back where the call is lost, whatever its timeout', async () => {
  const lines = await firstCall((emulator) => emulator.callouts.answerNext({ lost: true }))

  expect(lines).toEqual(['call 0'])
})

test('answers 503 itself where the connection is refused', async () => {
  const lines = await firstCall((emulator) =>
    emulator.callouts.answerNext({ unreachable: 'connection-refused', delayMs: 200 }),
  )

  expect(lines[1]).toMatch(
    /^answer to 4: 3 0 503 upstream connect error .*remote connection failure$/,
  )
})

test('calls back without headers after a reset', async () => {
  const lines = await firstCall((emulator) =>
    emulator.callouts.answerNext({ reset: true, delayMs: 200 }),
  )

  expect(lines).toEqual(['call 0', 'answer to 4: 0 0 status 2 status 1'])
})

test('never calls back where the call itself fails', async () => {
  const overflow = await firstCall((emulator) => emulator.callouts.answerAlways({ refuse: 10 }))
  const unknown = await firstCall((emulator) => (emulator.callouts.clusters = new Set(['other'])))

  expect(overflow).toEqual(['call 10'])
  expect(unknown).toEqual(['call 2'])
})

test('has the foreign functions of Envoy, and lets a spec take one away', async () => {
  const emulator = await load('compress')
  emulator.worker(0).exchange()
  emulator.foreignFunctions.delete('compress')
  emulator.worker(0).exchange()

  const compressed = emulator.logs.messages().filter((line) => line.startsWith('compress'))
  expect(compressed).toEqual(['compress 0 120', expect.stringMatching(/^compress 1 /)])
})

test.for(['trap', 'loop'])('a %s kills the VM of its worker and no other', async (kind) => {
  const emulator = await load(`${kind}:log`, { workers: 2 })
  emulator.worker(0).exchange()
  emulator.worker(0).exchange()
  emulator.worker(1).stream().requestHeaders({ ':path': '/' })

  expect(emulator.traps).toMatchObject([{ thread: 'worker 0', callback: 'proxy_on_log' }])
  const after = emulator.logs.entries.findLast((entry) => entry.thread === 'worker 0')
  expect(after?.message).toMatch(/^Function: proxy_on_log failed: Uncaught/)
  expect(emulator.logs.entries.at(-1)).toMatchObject({
    thread: 'worker 1',
    message: 'request_headers 1 0',
  })
})

test('lets a root wait for its answer while another plugin keeps the VM alive', async () => {
  const emulator = await load('hold call-on-done')
  const old = emulator.configure('hold call-on-done')
  emulator.configure('hold call-on-done, updated')
  emulator.logs.entries.length = 0
  old.remove()
  emulator.advance(0)

  expect(emulator.logs.messages()).toEqual([
    'done 1',
    'call 0',
    'answer to 4: 3 0 200 ',
    'done 0',
    'delete 1',
  ])
})

test('destroys a VM with its last root, so that no answer comes back', async () => {
  const emulator = await load('hold call-on-done')
  emulator.configure('hold call-on-done').remove()
  emulator.advance(0)

  expect(emulator.logs.messages()).toEqual(['done 1', 'call 0'])
  expect(emulator.callouts.calls.map((call) => call.state)).toEqual(['cancelled'])
})

test('logs open streams at the end of the process, then lets each root do its final flush', async () => {
  const emulator = await load('call-on-done', { mainThread: true })
  emulator.worker(0).stream().requestHeaders({ ':path': '/open' })
  emulator.logs.entries.length = 0
  emulator.shutDown()

  expect(emulator.logs.entries.map(({ thread, message }) => `${thread}: ${message}`)).toEqual([
    'worker 0: log /open downstream_local_disconnect(purging_socket)',
    'worker 0: done 2',
    'worker 0: delete 2',
    'worker 0: done 1',
    'worker 0: call 0',
    'worker 0: delete 1',
    'main: done 1',
    'main: call 0',
    'main: delete 1',
  ])
  expect(emulator.callouts.calls).toHaveLength(2)
})

test('counts host calls and the bytes they carry', async () => {
  const emulator = await load()
  emulator.hostCalls.reset()
  emulator.worker(0).exchange({ request: { method: 'POST', body: 'hello' }, response: {} })

  expect(emulator.hostCalls.toObject()['proxy_get_buffer_bytes']).toEqual({ calls: 2, bytes: 5 })
})

test('gives one vm_id one VM, and equal plugins one root context', async () => {
  const emulator = await load('one')
  const first = emulator.configure('one')
  const second = emulator.configure('two')
  const alone = emulator.configure('two', { vmId: 'other' })

  expect(emulator.configure('two', { vmId: 'other' })).toBe(alone)
  expect([first, second, alone].map((plugin) => emulator.worker(0).root(plugin)?.id)).toEqual([
    1, 2, 1,
  ])
})
