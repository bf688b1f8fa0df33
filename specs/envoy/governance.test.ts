import { once } from 'node:events'
import { connect, type IncomingHttpHeaders } from 'node:http2'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { untilEveryWorker } from '#specs/support/every-worker.ts'
import { Gateway, type GatewayListener } from '#specs/support/gateway.ts'

const when = (path: string, value: string) => [{ conditions: [{ path, value }] }]
const block = (id: string, path: string, value: string, response: object = {}) => ({
  _id: id,
  type: 'regex',
  block: true,
  regex_config: when(path, value),
  response: { status: 403, headers: { 'x-rule': id }, body: { rule: id }, ...response },
})

const rules = [
  block('blocked', 'request.route', '^/blocked'),
  block('bodiless', 'request.route', '^/bodiless', { body: null }),
  block('skipped', 'request.route', '^/skipped/blocked'),
  block('body', 'request.body.action', '^delete$'),
  block('query', 'request.body.query', 'dropAll'),
  {
    _id: 'quota',
    type: 'user',
    block: true,
    variables: [{ name: '0', path: 'body.plan' }],
    response: { status: 429, headers: { 'x-plan': '{{0}}' }, body: 'over {{0}}' },
  },
  {
    _id: 'warn',
    type: 'user',
    applied_to: 'not_matching',
    response: { headers: { 'x-warn': 'soon' } },
  },
]
const config = { user_rules: { ann: [{ rules: 'quota', values: { '0': 'Free' } }] } }

const options = {
  enable_governance: true,
  user_id_header: 'x-user-id',
  batch_max_wait: 100,
  skip: [
    ...when('request.route', '^/skipped'),
    {
      conditions: [
        { path: 'request.headers.x-probe', value: '.' },
        { path: 'response.status', value: '^429$' },
      ],
    },
  ],
}

/** Envoy's own answer, to compare with. */
const refusedByEnvoy = { match: { path: '/by-envoy' }, direct_response: { status: 403 } }

let gateway: Gateway<'plain' | 'small'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: {
      plain: {
        plugin: options,
        listener: { upgrades: ['websocket'], trailers: true, routes: [refusedByEnvoy] },
      },
      small: { plugin: options, listener: { raw: { per_connection_buffer_limit_bytes: 24_000 } } },
    },
    envoy: { concurrency: 2 },
  })
  for (const name of ['plain', 'small'] as const) {
    const listener = gateway.listener(name)
    await listener.application.rules.put(rules)
    await listener.application.config.put(config)
    await governed(listener)
  }
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
})

/** Until the rules and the configuration are with every worker. */
async function governed(listener: GatewayListener): Promise<void> {
  await untilEveryWorker(async () => {
    const refused = (await send(listener, { path: '/blocked' })).status === 403
    const known = (await send(listener, { headers: { 'x-user-id': 'ann' } })).status === 429
    return refused && known
  })
}

interface Answer {
  status: number | undefined
  headers: NodeJS.Dict<string | string[]>
  body: string
}

interface Sent {
  method?: string
  path?: string
  headers?: Record<string, string>
  /** Written one after the other. */
  body?: (string | Buffer)[]
  trailers?: Record<string, string>
}

async function send(
  listener: GatewayListener,
  { method, path = '/', headers = {}, body, trailers }: Sent = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const url = new URL(path, listener.url)
  const outgoing = httpRequest(
    url,
    { method: method ?? (body ? 'POST' : 'GET'), headers, agent: false },
    (response) => {
      text(response).then(
        (answer) =>
          resolve({ status: response.statusCode, headers: response.headers, body: answer }),
        reject,
      )
    },
  ).on('error', reject)
  for (const chunk of body ?? []) {
    outgoing.write(chunk)
    await new Promise<void>((written) => setImmediate(written))
  }
  if (trailers) outgoing.addTrailers(trailers)
  outgoing.end()
  return await promise
}

const json = { 'content-type': 'application/json' }
const chunked = { ...json, 'transfer-encoding': 'chunked' }

test('refuses, and reports what the client got', async () => {
  const listener = gateway.listener('plain')

  const answer = await send(listener, { path: '/blocked?mark=1', headers: { 'x-user-id': 'bob' } })

  expect(answer).toMatchObject({
    status: 403,
    headers: { 'x-rule': 'blocked', 'content-type': 'application/json', 'x-warn': 'soon' },
  })
  expect(JSON.parse(answer.body)).toEqual({ rule: 'blocked' })
  const [stored] = await listener.application.awaitEvents({ where: 'uri:*mark=1*', count: 1 })
  expect(stored?.event).toMatchObject({
    blocked_by: 'blocked',
    response: { status: 403, headers: { 'x-rule': 'blocked' }, body: { rule: 'blocked' } },
    metadata: { response_code_details: 'moesif_governance' },
  })
})

test('fills in what the configuration says of a user, and marks the responses of others', async () => {
  const listener = gateway.listener('plain')

  expect(await send(listener, { headers: { 'x-user-id': 'ann' } })).toMatchObject({
    status: 429,
    headers: { 'x-plan': 'Free' },
    body: '"over Free"',
  })
  expect(await send(listener, { headers: { 'x-user-id': 'bob' } })).toMatchObject({
    status: 200,
    headers: { 'x-warn': 'soon' },
  })
})

test('governs what is skipped, and counts it in the place of an event', async () => {
  const listener = gateway.listener('plain')
  const name = 'moesif_exchanges_skipped_total'
  const before = (await gateway.envoy.metrics())[name] ?? 0

  const refused = await send(listener, { path: '/skipped/blocked', body: ['{}'] })
  const marked = await send(listener, { path: '/skipped', headers: { 'x-user-id': 'bob' } })
  const overQuota = await send(listener, {
    path: '/probe',
    headers: { 'x-user-id': 'ann', 'x-probe': '1' },
  })
  await send(listener, { path: '/probe', headers: { 'x-user-id': 'bob', 'x-probe': '1' } })

  expect(refused).toMatchObject({ status: 403, headers: { 'x-rule': 'skipped' } })
  expect(marked.headers['x-warn']).toBe('soon')
  expect(overQuota.status).toBe(429)
  await gateway.envoy.waitForMetrics((metrics) => metrics[name] === before + 3)
  const probes = await listener.application.awaitEvents({ where: 'path:/probe', count: 1 })
  expect(probes.map(({ status }) => status)).not.toContain(429)
  expect(await listener.application.events({ where: 'path:/skipped*' })).toEqual([])
})

test('answers HEAD without a body', async () => {
  expect(await send(gateway.listener('plain'), { method: 'HEAD', path: '/blocked' })).toMatchObject(
    {
      status: 403,
      headers: { 'x-rule': 'blocked' },
      body: '',
    },
  )
})

test.each(['/bodiless', '/by-envoy'])('%s without a body is framed as Envoy does', async (path) => {
  const get = await send(gateway.listener('plain'), { path })
  const head = await send(gateway.listener('plain'), { method: 'HEAD', path })

  expect(get).toMatchObject({ status: 403, headers: { 'content-length': '0' } })
  expect(head).toMatchObject({ status: 403, headers: { 'transfer-encoding': 'chunked' } })
  expect(head.headers).not.toHaveProperty('content-length')
})

test("lets a browser's question pass", async () => {
  const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }

  expect(
    (await send(gateway.listener('plain'), { method: 'OPTIONS', path: '/blocked', headers }))
      .status,
  ).toBe(200)
  expect(
    (await send(gateway.listener('plain'), { method: 'OPTIONS', path: '/blocked' })).status,
  ).toBe(403)
})

test('refuses a WebSocket before it opens', async () => {
  const socket = new WebSocket(
    new URL('/blocked', gateway.listener('plain').url.replace('http', 'ws')),
  )

  const [error] = (await once(socket, 'error')) as [Error]

  expect(error.message).toBe('Unexpected server response: 403')
})

async function http2(
  headers: Record<string, string>,
  body?: string,
): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  const session = connect(gateway.listener('plain').url)
  try {
    const stream = session.request({ ':method': body === undefined ? 'GET' : 'POST', ...headers })
    const [answer] = (await Promise.all([once(stream, 'response'), stream.end(body)]))[0] as [
      IncomingHttpHeaders,
    ]
    return { headers: answer, body: await text(stream) }
  } finally {
    session.destroy()
  }
}

test('refuses over HTTP/2', async () => {
  expect(await http2({ ':path': '/blocked' })).toMatchObject({
    headers: { ':status': 403, 'x-rule': 'blocked' },
    body: '{"rule":"blocked"}',
  })
  expect(await http2({ ':path': '/', ...json }, '{"action":"delete"}')).toMatchObject({
    headers: { ':status': 403, 'x-rule': 'body' },
  })
  expect((await http2({ ':path': '/', ...json }, '{"action":"read"}')).headers[':status']).toBe(200)
})

test('gives gRPC a status of its own', async () => {
  const { headers } = await http2(
    { ':path': '/blocked.Service/Method', 'content-type': 'application/grpc', te: 'trailers' },
    '\0\0\0\0\0',
  )

  expect(headers).toMatchObject({
    ':status': 200,
    'grpc-status': '7',
    'content-type': 'application/grpc',
  })
})

test.each([
  ['in one piece', { headers: json, body: ['{"action":"delete"}'] }],
  ['in 1-byte chunks', { headers: chunked, body: [...'{"action":"delete"}'] }],
  [
    'with trailers',
    {
      headers: { ...chunked, trailer: 'x-sum' },
      body: ['{"action":"delete"}'],
      trailers: { 'x-sum': '1' },
    },
  ],
  [
    'after 100-continue',
    { headers: { ...json, expect: '100-continue' }, body: ['{"action":', '"delete"}'] },
  ],
  ['of 80 KB', { headers: json, body: [`{"pad":"${'x'.repeat(80_000)}",`, '"action":"delete"}'] }],
  [
    'as GraphQL',
    { headers: { 'content-type': 'application/graphql' }, body: ['mutation { dropAll }'] },
  ],
])('refuses by a body %s', async (_, request) => {
  const answer = await send(gateway.listener('plain'), request)

  expect(answer.status).toBe(403)
  expect(answer.headers['x-rule']).toMatch(/body|query/)
})

test.each([
  ['1-byte chunks', { headers: chunked, body: [...'{"action":"read"}'] }],
  [
    'trailers',
    {
      headers: { ...chunked, trailer: 'x-sum' },
      body: ['{"action":', '"read"}'],
      trailers: { 'x-sum': '1' },
    },
  ],
  [
    'more than the limit',
    { headers: chunked, body: [`{"pad":"${'x'.repeat(150_000)}",`, '"action":"delete"}'] },
  ],
  ['no JSON', { headers: json, body: ['{"action":"delete"'] }],
])('passes a body with %s on whole', async (_, request) => {
  const answer = await send(gateway.listener('plain'), request)

  expect(answer.status).toBe(200)
  expect(answer.body).toContain(String(request.body.join('').length))
})

test('answers no 413 where Envoy may hold less than the limit: the request goes on', async () => {
  const listener = gateway.listener('small')
  const body = Array.from({ length: 30 }, () => 'x'.repeat(3000))
  const name = 'moesif_governance_failed_open_total'
  const before = (await gateway.envoy.metrics())[name] ?? 0

  const answer = await send(listener, {
    headers: chunked,
    body: ['{"action":"delete","pad":"', ...body, '"}'],
  })

  expect(answer.status).toBe(200)
  await gateway.envoy.waitForMetrics((now) => now[name] === before + 1)
})

test('asks once for all workers', async () => {
  const { application } = gateway.listener('plain')
  const fetches = (await application.requests()).filter(({ method }) => method === 'GET')

  for (const path of ['/v1/config', '/v1/rules']) {
    const times = fetches.filter((fetch) => fetch.path === path).map((fetch) => fetch.receivedAt)
    expect(times, path).not.toEqual([])
    // The three threads of this Envoy would each fetch within a second or two; one for all waits for at least 3 s.
    const pauses = times.slice(1).map((at, index) => at - times[index]!)
    expect(Math.min(...pauses, Infinity), path).toBeGreaterThan(2500)
  }
})
