import { expect, test } from 'vitest'
import type { ExchangeScript, MoesifEmulator, Stream } from '#sandbox/emulated-plugin/index.ts'
import { startWith, when, type Rule } from './support/documents.ts'
import { eventsOf } from './support/plugin-under-test.ts'

const rule = (path: string, value: string, more: Partial<Rule> = {}): Rule => ({
  _id: 'body',
  type: 'regex',
  block: true,
  regex_config: when(path, value),
  response: { status: 403, headers: { 'x-rule': 'body' } },
  ...more,
})

const json = (body: unknown, more: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
})

const isRefused = (
  emulator: MoesifEmulator,
  request: NonNullable<ExchangeScript['request']>,
): boolean => {
  const exchange = emulator.worker(0).exchange({ request, response: { status: 200 } })
  expect(emulator.traps).toEqual([])
  expect(exchange.isOver).toBe(true)
  const refused = exchange.localReply !== null
  if (!refused) {
    const sent = Buffer.concat(
      [request.body ?? []].flat().map((chunk) => Buffer.from(chunk as string)),
    )
    expect(Buffer.from(exchange.upstreamRequest?.body ?? []).equals(sent)).toBe(true)
    expect(exchange.upstreamRequest?.complete).toBe(true)
  }
  return refused
}

/** Starts a POST of JSON that is refused when its `a` is `bad`; the headers have gone. */
async function open(
  options?: Record<string, unknown>,
): Promise<{ emulator: MoesifEmulator; stream: Stream }> {
  const emulator = await startWith({ rules: [rule('request.body.a', '^bad$')] }, options)
  return { emulator, stream: post(emulator) }
}

function post(emulator: MoesifEmulator): Stream {
  const stream = emulator.worker(0).stream()
  stream.requestHeaders({
    ':method': 'POST',
    ':path': '/',
    ':authority': 'a',
    ':scheme': 'http',
    'content-type': 'application/json',
  })
  return stream
}

test.each([
  ['a', 'bad', { a: 'bad' }, { a: 'good' }],
  ['a', '^5$', { a: 5 }, { a: 55 }],
  ['a', '^true$', { a: true }, { a: null }],
  ['a.b', '^x$', { a: { b: 'x' } }, { a: { c: 'x' } }],
  ['a.b', '^x$', { 'a.b': 'x', a: { b: 'y' } }, { a: 'x' }],
  ['a', 'é"', { a: 'é"' }, {}],
  ['operationName', '^Admin', { operationName: 'AdminUsers', query: '{a}' }, { query: 'Admin' }],
  ['query', 'mutation', { query: 'mutation { a }' }, { query: '{ a }' }],
])('looks at the key %s of a JSON body', async (key, value, matching, other) => {
  const emulator = await startWith({ rules: [rule(`request.body.${key}`, value)] })

  expect(isRefused(emulator, json(matching))).toBe(true)
  expect(isRefused(emulator, json(other))).toBe(false)
})

test('passes over a byte order mark, as the event does', async () => {
  const emulator = await startWith({ rules: [rule('request.body.a', '^bad$')] })

  expect(isRefused(emulator, json('\ufeff{"a":"bad"}'))).toBe(true)
  expect(isRefused(emulator, json('\ufeff{"a":"good"}'))).toBe(false)
})

test('takes the whole body of application/graphql for the query', async () => {
  const emulator = await startWith({ rules: [rule('request.body.query', 'deleteAll')] })
  const headers = { 'content-type': 'application/graphql; charset=utf-8' }

  expect(isRefused(emulator, { method: 'POST', headers, body: 'mutation { deleteAll }' })).toBe(
    true,
  )
  expect(isRefused(emulator, { method: 'POST', headers, body: '{ all }' })).toBe(false)
})

test.each([
  ['no JSON', json('{"a": "bad"')],
  ['another type', json({ a: 'bad' }, { headers: { 'content-type': 'text/plain' } })],
  [
    'compressed',
    json(
      { a: 'bad' },
      { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
    ),
  ],
  ['longer than the limit', json({ a: 'bad', b: 'x'.repeat(1000) })],
  ['none', { method: 'POST', headers: { 'content-type': 'application/json' } }],
])('is not met by a body that is %s', async (_, request) => {
  const emulator = await startWith(
    { rules: [rule('request.body.a', 'bad')] },
    { request_max_body_size_limit: 500 },
  )

  expect(isRefused(emulator, request)).toBe(false)
})

const inPieces: [string, string[], ExchangeScript][] = [
  ['1-byte chunks', [...JSON.stringify({ a: 'bad' })], {}],
  ['HTTP/2', ['{"a":', '"bad"}'], { facts: { protocol: 'HTTP/2' } }],
]

test.each(inPieces)('sees a body in %s whole', async (_, body, script) => {
  const emulator = await startWith({ rules: [rule('request.body.a', '^bad$')] })

  const exchange = emulator.worker(0).exchange({ ...script, request: { ...json(''), body } })

  expect(exchange.localReply?.status).toBe(403)
  expect(exchange.upstreamRequest?.body).toHaveLength(0)
})

test('decides at the trailers that end a body', async () => {
  const emulator = await startWith({ rules: [rule('request.body.a', '^bad$')] })
  const trailers = { 'x-sum': '1' }

  const refused = emulator.worker(0).exchange({ request: json({ a: 'bad' }, { trailers }) })
  const passed = emulator.worker(0).exchange({ request: json({ a: 'good' }, { trailers }) })

  expect(refused.localReply?.status).toBe(403)
  expect(passed.upstreamRequest?.trailers?.text('x-sum')).toBe('1')
  expect(Buffer.from(passed.upstreamRequest?.body ?? []).toString()).toBe('{"a":"good"}')
})

test('holds back only requests that a rule about the body may still apply to', async () => {
  const conditions = [
    { path: 'request.verb', value: '^POST$' },
    { path: 'request.route', value: '^/graphql' },
    { path: 'request.body.a', value: '^bad$' },
  ]
  const emulator = await startWith({ rules: [rule('', '', { regex_config: [{ conditions }] })] })
  const held = (path: string, more: object = {}) => {
    const request = json({ a: 'bad' }, { path, unfinished: true, ...more })
    const exchange = emulator.worker(0).exchange({ request })
    const { heldAt } = exchange
    exchange.clientLeaves()
    return heldAt
  }

  expect(held('/graphql')).toBe('request')
  expect(held('/rest')).toBeNull()
  expect(held('/graphql', { method: 'PUT' })).toBeNull()
  expect(held('/graphql', { headers: { 'content-type': 'multipart/form-data' } })).toBeNull()
  expect(held('/graphql', { headers: { 'content-length': '9000000' } })).toBeNull()
  expect(held('/graphql', { headers: { connection: 'upgrade', upgrade: 'x' } })).toBeNull()
})

test('goes on when a body grows past the limit', async () => {
  const { emulator, stream } = await open({ request_max_body_size_limit: 8 })

  const actions = ['{"a":', '"bad"', ',"b":1}'].map((chunk) => stream.requestBody(chunk))

  expect(actions).toEqual([2, 0, 0])
  expect(emulator.traps).toEqual([])
})

test('goes on, and counts it, when Envoy shows no more of a body', async () => {
  const { emulator, stream } = await open()
  stream.requestBody('{'.padEnd(20_000))

  emulator.advance(200)
  expect(stream.resumed).toEqual([])
  emulator.advance(200)

  expect(stream.resumed).toEqual(['request'])
  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(1)
  expect(stream.requestBody('"a":"bad"}', { endOfStream: true })).toBe(0)
})

test('goes on with every request of which Envoy shows no more, however many there are', async () => {
  const { emulator } = await open()
  for (let round = 0; round < 7; round++) {
    const streams = Array.from({ length: 100 }, () => post(emulator))
    for (const stream of streams) stream.requestBody('{'.padEnd(20_000))
    emulator.advance(400)

    expect(streams.filter((stream) => stream.resumed.length !== 1)).toEqual([])
    for (const stream of streams) stream.end()
  }
})

test('waits for a short body as long as its client takes', async () => {
  const { emulator, stream } = await open()
  stream.requestBody('{"a":')

  emulator.advance(60_000)
  expect(stream.resumed).toEqual([])
  stream.requestBody('"bad"}', { endOfStream: true })

  expect(stream.localResponse?.status).toBe(403)
})

test('lets the answer of an upstream pass that did not wait for the body', async () => {
  const emulator = await startWith({
    rules: [
      rule('request.body.a', '^bad$'),
      { _id: 'mark', type: 'regex', response: { headers: { 'x-mark': 'yes' } } },
    ],
  })
  const stream = emulator.worker(0).stream()
  stream.requestHeaders({
    ':method': 'POST',
    ':path': '/',
    ':authority': 'a',
    'content-type': 'application/json',
  })
  stream.requestBody('{"a":')
  stream.responseHeaders({ ':status': '413' }, { endOfStream: true })
  stream.end()

  const [event] = eventsOf(emulator)
  expect(event?.response).toMatchObject({ status: 413, headers: { 'x-mark': 'yes' } })
})

test('lets go of a request whose client leaves', async () => {
  const emulator = await startWith({ rules: [rule('request.body.a', '^bad$')] })

  for (let i = 0; i < 200; i++) {
    emulator
      .worker(0)
      .exchange({ request: json('{"a":', { unfinished: true }) })
      .clientLeaves()
  }

  expect(isRefused(emulator, json({ a: 'bad' }))).toBe(true)
  expect(eventsOf(emulator)).toHaveLength(201)
})

test('shows the body in no event when bodies are not captured', async () => {
  const emulator = await startWith(
    { rules: [rule('request.body.a', '^bad$')] },
    { disable_capture_request_body: true },
  )

  expect(isRefused(emulator, json({ a: 'bad' }))).toBe(true)
  expect(isRefused(emulator, json({ a: 'good' }))).toBe(false)

  const requests = eventsOf(emulator).map(({ request }) => request)
  expect(requests).toHaveLength(2)
  for (const request of requests) expect(request).not.toHaveProperty('body')
})
