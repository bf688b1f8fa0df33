import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

const schema = JSON.parse(
  await readFile(new URL('../../plugin/event.schema.json', import.meta.url), 'utf8'),
) as object
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const isValid = ajv.compile(schema)

let gateway: Gateway<'main' | 'redirecting'>

beforeAll(async () => {
  gateway = await Gateway.start({
    doors: {
      main: { plugin: { batch_max_size: 5, batch_max_wait: 200 } },
      redirecting: {
        plugin: { batch_max_size: 5, batch_max_wait: 200 },
        listener: { defaultRoute: { internal_redirect_policy: {} } },
      },
    },
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

interface Case {
  path: string
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

test.each<Case>([
  { path: '/hello', method: 'GET' },
  { path: '/hello?a=1&a=2&b=%20x', method: 'GET' },
  {
    path: '/json',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":[1]}',
  },
  { path: '/bytes', method: 'PUT', body: new Uint8Array([0, 255, 1]) },
  {
    path: '/broken',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":',
  },
  { path: '/empty', method: 'DELETE' },
  { path: '/head', method: 'HEAD' },
  { path: '/gzip', method: 'GET' },
  { path: '/bytes/300000', method: 'GET' },
  { path: '/stream', method: 'GET' },
  { path: '/status/204', method: 'GET' },
  { path: '/status/304', method: 'GET' },
  { path: '/status/404', method: 'GET' },
  { path: '/status/503', method: 'GET' },
  { path: '/reset', method: 'GET' },
  { path: '/headers?set-cookie=a%3D1&set-cookie=b%3D2', method: 'GET' },
])('an event of $method $path has the shape we promise', async ({ path, ...request }) => {
  const { url, application } = gateway.door('main')
  const marker = crypto.randomUUID()

  await fetch(url + path, { ...request, headers: { ...request.headers, 'x-marker': marker } })
    .then((response) => response.arrayBuffer())
    .catch(() => {})

  const [captured] = await application.awaitEvents({ where: `header.x-marker:${marker}` })
  isValid(captured?.event)
  expect(isValid.errors).toBeNull()
  expect(captured?.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(captured?.event).toMatchObject({
    request: { verb: request.method, uri: url + path },
  })
})

test('the event tells the exchange as the client saw it', async () => {
  const { url, application } = gateway.door('main')
  const body = '{"name":"größer"}'

  const response = await fetch(`${url}/things?page=2`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-marker': 'exchange' },
    body,
  })
  const answered = await response.json()

  const [captured] = await application.awaitEvents({ where: 'header.x-marker:exchange' })
  expect(captured?.event).toMatchObject({
    request: { verb: 'POST', uri: `${url}/things?page=2`, body: { name: 'größer' } },
    response: { status: 200, body: answered },
  })
})

test('a redirect that Envoy follows itself is two events of one request id, as Envoy logs it', async () => {
  const { url, application } = gateway.door('redirecting')

  const answer = await fetch(`${url}/redirect?to=${url}/echo`)
  expect(await answer.text()).toBe('Hello from echo service')

  const captured = await application.awaitEvents({ count: 2 })
  const events = captured.map(({ event }) => event)
  events.sort((a, b) => b.request.uri.length - a.request.uri.length)
  expect(events).toMatchObject([
    { response: { status: 302 }, metadata: { response_code_details: 'internal_redirect' } },
    { request: { uri: `${url}/echo` }, response: { status: 200 } },
  ])
  expect(events[0]?.metadata?.['request_id']).toBe(events[1]?.metadata?.['request_id'])
})
