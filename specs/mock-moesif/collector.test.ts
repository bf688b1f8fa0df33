import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'

const moesif = await startMockMoesif()
const { url } = moesif

test('answers 201 with both tags to an event and to a batch', async () => {
  for (const [path, document] of [
    ['/v1/events', sampleEvent()],
    ['/v1/events/batch', [sampleEvent(), sampleEvent()]],
  ] as const) {
    const response = await post(url + path, document, { app: 'created' })

    expect(response.status).toBe(201)
    expect(response.headers.get('x-moesif-config-etag')).toMatch(/\S/)
    expect(response.headers.get('x-moesif-rules-tag')).toMatch(/\S/)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  }
  expect(await moesif.application('created').counts()).toMatchObject({
    received: 3,
    good: 3,
    batches: 2,
  })
})

test.each(['/collector/v1', '/_moesif/api/v1', '/deep/er/v1'])(
  'serves the base path %s',
  async (base) => {
    const response = await post(`${url}${base}/events/batch`, [sampleEvent()], { app: base })

    expect(response.status).toBe(201)
    expect(await moesif.application(base).count()).toBe(1)
  },
)

test('takes any Host on its collector paths', async () => {
  const { request } = await import('node:http')
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  request(`${url}/v1/config`, {
    headers: { host: 'api.moesif.net', 'x-moesif-application-id': 'any' },
  })
    .on('response', (response) => resolve(response.resume().statusCode))
    .end()

  expect(await promise).toBe(200)
})

test('keeps the event byte for byte', async () => {
  const app = moesif.application('raw')
  const json = `[ ${JSON.stringify(sampleEvent())} ,\n{"request" : ${JSON.stringify(sampleEvent().request)}, "user_id":"é\\u00e9 ]}\\"["} ]`
  await post(`${url}/v1/events/batch`, json, { app: 'raw' })

  const [, second] = await app.awaitEvents({ count: 2 })
  const raw = await fetch(`${url}/_mock/events/${second!.id}/raw`).then((response) =>
    response.text(),
  )
  const batch = await fetch(`${url}/_mock/batches/${second!.batchId}/raw`).then((response) =>
    response.text(),
  )

  expect(json).toContain(raw)
  expect(raw.startsWith('{"request" :') && raw.endsWith('["}')).toBe(true)
  expect(second!.userId).toBe('éé ]}"[')
  expect(batch).toBe(json)
})

test.each([
  ['malformed JSON', '/v1/events/batch', '[{]', { status: 400, pointer: '/0' }],
  ['an object for a batch', '/v1/events/batch', '{}', { status: 400, pointer: '' }],
  ['an array for an event', '/v1/events', '[]', { status: 400, pointer: '' }],
  [
    'a missing field',
    '/v1/events/batch',
    JSON.stringify([sampleEvent(), { request: {} }]),
    { status: 400, pointer: '/1/request/time' },
  ],
  [
    'a wrong type',
    '/v1/events',
    JSON.stringify({ ...sampleEvent(), user_id: 7 }),
    { status: 400, pointer: '/user_id' },
  ],
  [
    'bytes that are no UTF-8',
    '/v1/events',
    Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    { status: 400, pointer: undefined },
  ],
] as const)('refuses %s and says where', async (_name, path, body, { status, pointer }) => {
  const response = await post(url + path, body)
  const answer = (await response.json()) as { error: string; problems: { pointer: string }[] }

  expect(response.status).toBe(status)
  expect(answer.error).toMatch(/\S/)
  expect(answer.problems[0]?.pointer).toBe(pointer)
})

async function reason(path: string, body: unknown): Promise<string> {
  const answer = await post(url + path, body, { app: 'costs' })
  return ((await answer.json()) as { error: string }).error
}

test('says that a bad event costs its batch', async () => {
  const bad = { request: {} }

  expect(await reason('/v1/events/batch', [sampleEvent(), bad, sampleEvent()])).toBe(
    'Moesif would refuse all 3 events of this batch: 1 of them is bad',
  )
  expect(await reason('/v1/events/batch', [bad])).toBe('Moesif would refuse this')
  expect(await reason('/v1/events', bad)).toBe('Moesif would refuse this')
})

test('takes null as absent', async () => {
  const event = {
    ...sampleEvent(),
    response: null,
    user_id: null,
    metadata: null,
    weight: null,
    tags: null,
  }
  const response = await post(`${url}/v1/events`, event, { app: 'nulls' })

  expect(response.status).toBe(201)
  expect(await moesif.application('nulls').summaries()).toMatchObject([
    { userId: null, status: null },
  ])
})

test('refuses requests without an application id, but not the probe', async () => {
  const response = await post(`${url}/v1/events`, sampleEvent(), { app: null })
  const probe = await fetch(`${url}/health/probe`)

  expect(response.status).toBe(401)
  expect(await response.text()).toContain('X-Moesif-Application-Id')
  expect(probe.status).toBe(200)
  expect(await probe.json()).toMatchObject({ status: true })
})

test('answers 404 to what it does not have, 405 to the wrong method, 406 to what is not JSON', async () => {
  const headers = { 'x-moesif-application-id': 'app' }
  const unknown = await fetch(`${url}/v1/nothing`, { headers })
  const wrongMethod = await fetch(`${url}/v1/events`, { headers })
  const text = await post(`${url}/v1/events`, 'hello', {
    headers: { 'content-type': 'text/plain' },
  })
  const charset = await post(`${url}/v1/events`, sampleEvent(), {
    headers: { 'content-type': 'application/json; charset=UTF-8' },
  })

  expect(unknown.status).toBe(404)
  expect(wrongMethod.status).toBe(405)
  expect(wrongMethod.headers.get('allow')).toContain('POST')
  expect(text.status).toBe(406)
  expect(charset.status).toBe(201)
})

test('lets browsers of any origin post', async () => {
  const response = await fetch(`${url}/v1/events`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-moesif-application-id',
    },
  })

  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-allow-headers')).toContain('x-moesif-application-id')
})

test('takes users, companies and subscriptions, merging what is known, and actions', async () => {
  const app = 'entities'
  const asked = async (kind: string) =>
    (await fetch(`${url}/_mock/entities?app=${app}&kind=${kind}`).then((response) =>
      response.json(),
    )) as {
      document: unknown
    }[]
  await post(
    `${url}/v1/users`,
    { user_id: 'u1', metadata: { plan: 'free', tags: { a: 1 } } },
    { app },
  )
  await post(`${url}/v1/users/batch`, [{ user_id: 'u1', metadata: { tags: { b: 2 } } }], { app })
  await post(`${url}/v1/companies`, { company_id: 'acme' }, { app })
  await post(
    `${url}/v1/subscriptions`,
    { subscription_id: 's', company_id: 'acme', status: 'active' },
    { app },
  )
  const action = await post(
    `${url}/v1/actions`,
    { action_name: 'Clicked', request: { uri: 'https://x/' } },
    { app },
  )
  const noId = await post(`${url}/v1/users/batch`, [{ user_id: 'u2' }, {}], { app })

  expect([action.status, await action.json()]).toEqual([201, {}])
  expect(noId.status).toBe(400)
  expect(await noId.json()).toMatchObject({ problems: [{ pointer: '/1/user_id' }] })
  expect((await asked('users')).map(({ document }) => document)).toEqual([
    { user_id: 'u1', metadata: { plan: 'free', tags: { a: 1, b: 2 } } },
  ])
  expect(await asked('companies')).toHaveLength(1)
  expect(await asked('subscriptions')).toHaveLength(1)
  expect(await asked('actions')).toHaveLength(1)
})

test('records every request, whatever became of it', async () => {
  const app = moesif.application('requests')
  await post(`${url}/v1/events`, sampleEvent(), {
    app: app.id,
    headers: { 'user-agent': 'spec/1' },
  })
  await post(`${url}/v1/events`, '{', { app: app.id })
  await fetch(`${url}/v1/nothing?x=1`, { headers: { 'x-moesif-application-id': app.id } })

  const requests = await app.requests()

  expect(requests.map(({ method, path, answer }) => [method, path, answer])).toEqual([
    ['POST', '/v1/events', 201],
    ['POST', '/v1/events', 400],
    ['GET', '/v1/nothing?x=1', 404],
  ])
  expect(requests[0]!.headers['user-agent']).toBe('spec/1')
  expect((await app.batches()).map(({ answer, eventCount }) => [answer, eventCount])).toEqual([
    [201, 1],
    [400, 0],
  ])
})
