import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#sandbox/mock/index.ts'
import { contract } from '#mock-moesif/contract/index.ts'
import { post, sampleEvent, send } from './sample.ts'

interface Document {
  openapi: string
  tags: { name: string; description?: string }[]
  components: { schemas: Record<string, object> }
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, object> }> }>
  >
}

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const document = (await fetch(`${moesif.url}/_mock/openapi.json`).then((response) =>
  response.json(),
)) as Document
const ajv = new Ajv2020({ strict: false }).addSchema(document, 'openapi')

test('describes every operation of the contract, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )

  expect(document.openapi).toBe('3.1.0')
  expect(described.sort()).toEqual(Object.keys(contract).sort())
})

test('has a schema behind every reference', () => {
  const references = [
    ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
  ]

  expect(references.length).toBeGreaterThan(20)
  for (const [, name] of references)
    expect(ajv.getSchema(`openapi#/components/schemas/${name}`), name).toBeDefined()
})

test('leaves nothing of it unsaid: what arrays hold, what groups are about, what a bad call is answered', () => {
  const text = JSON.stringify(document)
  const arrays = [...text.matchAll(/"type":"array"(?!,"(?:minItems|maxItems|items)")/g)]
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !text.includes(`"#/components/schemas/${name}"`),
  )
  const neverRefused = Object.values(document.paths)
    .flatMap((operations) => Object.values(operations))
    .filter(({ responses }) => !Object.keys(responses).some((status) => status.startsWith('4')))

  expect(arrays).toEqual([])
  expect(unused).toEqual([])
  expect(neverRefused).toEqual([])
  expect(document.tags.filter(({ description }) => !description)).toEqual([])
})

const toSend = { method: 'GET', target: '/', headers: [] }

/** Calls that make each operation answer each status it describes; a body is sent as JSON. */
const calls: [method: string, path: string, template: string, status: number, body?: unknown][] = [
  ['GET', '/openapi.json', '/openapi.json', 200],
  ['GET', '/openapi.json?x=1', '/openapi.json', 400],
  ['GET', '/events?limit=1&filter=status:200', '/events', 200],
  ['GET', '/events?filter=nothing:1', '/events', 400],
  ['DELETE', '/events?application=app', '/events', 400],
  ['GET', '/events/stream?after=first', '/events/stream', 400],
  ['GET', '/batches?limit=many', '/batches', 400],
  ['GET', '/requests?before=-1', '/requests', 400],
  ['GET', '/counts?app=', '/counts', 400],
  ['GET', '/config?app=a&app=b', '/config', 400],
  ['GET', '/rules?name=a', '/rules', 400],
  ['GET', '/faults?id=1', '/faults', 400],
  ['DELETE', '/faults?id=1', '/faults', 400],
  ['DELETE', '/forward?url=x', '/forward', 400],
  ['GET', '/events/count?app=app', '/events/count', 200],
  ['GET', '/events/count?filter=(', '/events/count', 400],
  ['GET', '/events/aggregate?by=user&intervals=5&split=status', '/events/aggregate', 200],
  ['GET', '/events/values?field=user&ids=1,99999', '/events/values', 200],
  ['GET', '/events/values?field=user&ids=1,x', '/events/values', 400],
  ['GET', '/events/aggregate?by=colour', '/events/aggregate', 400],
  ['GET', '/events/await?app=app', '/events/await', 200],
  ['GET', '/events/await?app=app&filter=user:nobody&timeout=1', '/events/await', 422],
  ['GET', '/events/await?count=x', '/events/await', 400],
  ['GET', '/events/export?format=json', '/events/export', 200],
  ['GET', '/events/export?format=har', '/events/export', 200],
  ['GET', '/events/export?format=xml', '/events/export', 400],
  ['POST', '/events/import?app=imported', '/events/import', 201, [sampleEvent(), []]],
  ['POST', '/events/import', '/events/import', 400, [sampleEvent()]],
  ['GET', '/events/1', '/events/{id}', 200],
  ['GET', '/events/99999', '/events/{id}', 404],
  ['GET', '/events/1/raw', '/events/{id}/raw', 200],
  ['GET', '/events/99999/raw', '/events/{id}/raw', 404],
  ['GET', '/batches', '/batches', 200],
  ['GET', '/batches/1', '/batches/{id}', 200],
  ['GET', '/batches/99999', '/batches/{id}', 404],
  ['GET', '/batches/1/raw', '/batches/{id}/raw', 200],
  ['GET', '/batches/1/sent', '/batches/{id}/sent', 200],
  ['GET', '/batches/99999/sent', '/batches/{id}/sent', 404],
  ['GET', '/type-changes', '/type-changes', 200],
  ['GET', '/type-changes?app=', '/type-changes', 400],
  ['GET', '/batches/99999/raw', '/batches/{id}/raw', 404],
  ['GET', '/requests', '/requests', 200],
  ['GET', '/requests/1', '/requests/{id}', 200],
  ['GET', '/requests/99999', '/requests/{id}', 404],
  ['GET', '/requests/2/raw', '/requests/{id}/raw', 200],
  ['GET', '/requests/2/sent', '/requests/{id}/sent', 200],
  ['GET', '/requests/1/raw', '/requests/{id}/raw', 404],
  ['GET', '/requests/1/sent', '/requests/{id}/sent', 404],
  ['GET', '/applications', '/applications', 200],
  ['GET', '/applications?x=1', '/applications', 400],
  ['GET', '/counts', '/counts', 200],
  ['GET', '/entities?kind=users', '/entities', 200],
  ['GET', '/entities?kind=cats', '/entities', 400],
  ['GET', '/config', '/config', 200],
  ['PUT', '/config?app=x', '/config', 200, { sample_rate: 1 }],
  ['PUT', '/config?app=x', '/config', 400, []],
  ['PATCH', '/config?app=x', '/config', 200, { sample_rate: 2 }],
  ['PATCH', '/config?app=x', '/config', 400, 7],
  ['POST', '/config/check', '/config/check', 200, { sample_rate: 'lots' }],
  ['POST', '/config/check?app=x', '/config/check', 400, {}],
  ['POST', '/rules/check', '/rules/check', 200, [{}]],
  ['POST', '/rules/check?app=x', '/rules/check', 400, []],
  ['POST', '/rules?app=x', '/rules', 201, { _id: 'r', type: 'user' }],
  ['POST', '/rules?app=x', '/rules', 400, { _id: 'r' }],
  ['DELETE', '/rules/r?app=x', '/rules/{id}', 204],
  ['DELETE', '/rules/r?app=x', '/rules/{id}', 404],
  ['DELETE', '/rules/r?name=x', '/rules/{id}', 400],
  ['POST', '/try', '/try', 200, { uri: '/x' }],
  ['POST', '/try', '/try', 400, { colour: 1 }],
  ['POST', '/try', '/try', 404, { eventId: 99999 }],
  ['POST', '/try', '/try', 409, { eventId: 4 }],
  ['GET', '/rules', '/rules', 200],
  ['PUT', '/rules?app=x', '/rules', 200, []],
  ['PUT', '/rules?app=x', '/rules', 400, {}],
  ['PATCH', '/rules?app=x', '/rules', 200, []],
  ['PATCH', '/rules?app=x', '/rules', 400, {}],
  ['POST', '/faults', '/faults', 201, { status: 500, applicationId: 'x', delayMs: [1, 2] }],
  ['POST', '/faults', '/faults', 201, { status: 500, applicationId: 'x', expiresInMs: 0.5 + 1e9 }],
  ['POST', '/faults', '/faults', 400, { status: 5 }],
  ['GET', '/faults', '/faults', 200],
  ['DELETE', '/faults/1', '/faults/{id}', 204],
  ['DELETE', '/faults/1', '/faults/{id}', 404],
  ['DELETE', '/faults', '/faults', 204],
  ['PUT', '/forward?app=x', '/forward', 200, { url: 'http://localhost:1', forwardAs: 'y' }],
  ['PUT', '/forward', '/forward', 400, { url: 'ftp://x' }],
  ['GET', '/forward', '/forward', 200],
  ['GET', '/forward?x=1', '/forward', 400],
  ['DELETE', '/forward?app=x', '/forward', 204],
  ['GET', '/gateway', '/gateway', 200],
  ['GET', '/gateway?x=1', '/gateway', 400],
  ['GET', '/gateway/history', '/gateway/history', 200],
  ['GET', '/gateway/history?x=1', '/gateway/history', 400],
  ['PUT', '/gateway', '/gateway', 400, {}],
  ['POST', '/gateway/log', '/gateway/log', 204, { lines: ['[info][main] a line'] }],
  ['POST', '/gateway/log', '/gateway/log', 400, { lines: 'no list' }],
  ['GET', '/gateway/log?after=0', '/gateway/log', 200],
  ['GET', '/gateway/log?after=x', '/gateway/log', 400],
  [
    'POST',
    '/gateway/requests',
    '/gateway/requests',
    400,
    { method: 'GET', target: 'x', headers: [] },
  ],
  ['POST', '/gateway/requests', '/gateway/requests', 409, toSend],
  [
    'PUT',
    '/gateway',
    '/gateway',
    204,
    {
      listenerUrl: 'http://localhost:1',
      adminUrl: 'http://localhost:1',
      options: {},
      envoyVersion: null,
    },
  ],
  ['GET', '/gateway', '/gateway', 200],
  ['POST', '/gateway/requests', '/gateway/requests', 502, toSend],
  [
    'PUT',
    '/gateway',
    '/gateway',
    204,
    { listenerUrl: moesif.url, adminUrl: 'http://localhost:1', options: {}, envoyVersion: null },
  ],
  ['POST', '/gateway/requests', '/gateway/requests', 200, toSend],
  ['POST', '/verify', '/verify', 200, { filter: '', atLeast: 1 }],
  ['POST', '/verify', '/verify', 422, { filter: '', count: 77 }],
  ['POST', '/verify', '/verify', 400, { order: [] }],
  ['DELETE', '/applications/x?x=1', '/applications/{id}', 400],
  ['DELETE', '/applications/x', '/applications/{id}', 204],
  ['DELETE', '/events?app=app', '/events', 204],
]

test('is what the running server answers, status by status', async () => {
  await send(moesif.url, [sampleEvent(), { ...sampleEvent(), response: null }])
  await post(moesif.url, 'refused')
  for (const [method, path, template, status, body] of calls) {
    const call = `${method} ${path} -> ${status}`
    const response = await fetch(`${moesif.url}/_mock${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    expect(response.status, `${call}: ${text}`).toBe(status)

    const type = response.headers.get('content-type') ?? ''
    const pointer = [
      'paths',
      `/_mock${template}`,
      method.toLowerCase(),
      'responses',
      String(status),
    ]
    const described = document.paths[`/_mock${template}`]![method.toLowerCase()]!.responses[status]
    expect(described, call).toBeDefined()
    if (described!.content === undefined) {
      expect(text, call).toBe('')
      continue
    }
    expect(Object.keys(described!.content), call).toContain(type)
    if (type !== 'application/json') continue
    const fits = ajv.getSchema(
      `openapi#/${[...pointer, 'content', type, 'schema'].map(escape).join('/')}`,
    )!
    expect(fits(JSON.parse(text)), `${call}: ${ajv.errorsText(fits.errors)} in ${text}`).toBe(true)
  }
})

test.each([
  ['OPTIONS', '/events/import', 'POST'],
  ['GET', '/events/import', 'POST'],
  ['OPTIONS', '/events/99999', 'GET'],
  ['OPTIONS', '/config', 'GET, PUT, PATCH'],
])('%s %s is answered with the methods there are: %s', async (method, path, allowed) => {
  const { status, headers } = await fetch(`${moesif.url}/_mock${path}`, { method })

  expect([status, headers.get('allow')]).toEqual([405, allowed])
})

test('is exercised for every operation and status it describes', () => {
  const exercised = new Set(
    calls.map(([method, , template, status]) => `${method} /_mock${template} ${status}`),
  )
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.keys(responses)
        .filter((status) => status !== 'default')
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    ),
  )
  const without = described.filter((operation) => !exercised.has(operation))

  // The stream does not end: its own specs read it.
  expect(without).toEqual(['GET /_mock/events/stream 200'])
})

function escape(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))
}
