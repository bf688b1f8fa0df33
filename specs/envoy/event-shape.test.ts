import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { envoyFile } from '#sandbox/envoy/options.ts'
import { Gateway } from '#specs/support/gateway.ts'

const schema = JSON.parse(
  await readFile(new URL('../../plugin/event.schema.json', import.meta.url), 'utf8'),
) as object
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
const isValid = ajv.compile(schema)

const SOON = { batch_max_size: 5, batch_max_wait: 200 }
const typed = (name: string, fields: object) => ({
  '@type': `type.googleapis.com/envoy.${name}`,
  ...fields,
})
/** Answers an upstream's 503 with a 418 of Envoy's own. */
const replaceAnswers = {
  name: 'envoy.filters.http.custom_response',
  typed_config: typed('extensions.filters.http.custom_response.v3.CustomResponse', {
    custom_response_matcher: {
      matcher_list: {
        matchers: [
          {
            predicate: {
              single_predicate: {
                input: {
                  name: 'status',
                  typed_config: typed('type.matcher.v3.HttpResponseStatusCodeMatchInput', {}),
                },
                value_match: { exact: '503' },
              },
            },
            on_match: {
              action: {
                name: 'action',
                typed_config: typed(
                  'extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy',
                  { status_code: 418, body: { inline_string: 'in its place' } },
                ),
              },
            },
          },
        ],
      },
    },
  }),
}

let gateway: Gateway<'main' | 'redirecting' | 'replacing' | 'unescaping'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: {
      main: { plugin: SOON },
      redirecting: {
        plugin: SOON,
        listener: { defaultRoute: { internal_redirect_policy: {} } },
      },
      replacing: { plugin: SOON, listener: { filtersBefore: [replaceAnswers] } },
      unescaping: {
        plugin: SOON,
        listener: {
          hcm: { path_with_escaped_slashes_action: 'UNESCAPE_AND_REDIRECT', normalize_path: true },
        },
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
  const { url, application } = gateway.listener('main')
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

test('the event describes the exchange as the client saw it', async () => {
  const { url, application } = gateway.listener('main')
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
  const { url, application } = gateway.listener('redirecting')

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

test('of an answer that a custom_response filter replaces the event has only status and headers', async () => {
  const { url, application } = gateway.listener('replacing')

  const answer = await fetch(`${url}/status/503`)
  expect([answer.status, await answer.text()]).toEqual([418, 'in its place'])

  const [captured] = await application.awaitEvents({ count: 1, exactly: true })
  expect(captured?.event.response).toMatchObject({ status: 418 })
  expect(captured?.event.response).not.toHaveProperty('body')
  expect(captured?.event.metadata).not.toHaveProperty('response_code_details')
})

test('a redirect to a path without escaped slashes is an event of that path', async () => {
  const { url, application } = gateway.listener('unescaping')

  const answer = await fetch(`${url}/a%2Fb`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([307, '/a/b'])

  const [captured] = await application.awaitEvents({ count: 1, exactly: true })
  expect(captured?.event).toMatchObject({
    request: { uri: `${url}/a/b` },
    response: { status: 307 },
  })
})

test('a request that the overload manager refuses is counted by Envoy, and is no event', async () => {
  const monitor = 'envoy.resource_monitors.injected_resource'
  await using overloaded = await Gateway.start({
    listeners: { listener: { plugin: SOON } },
    envoy: {
      files: { pressure: '1' },
      bootstrap: (bootstrap) => ({
        ...bootstrap,
        overload_manager: {
          refresh_interval: '0.05s',
          resource_monitors: [
            {
              name: monitor,
              typed_config: typed(
                'extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig',
                { filename: envoyFile('pressure') },
              ),
            },
          ],
          actions: [
            {
              name: 'envoy.overload_actions.stop_accepting_requests',
              triggers: [{ name: monitor, threshold: { value: 0.9 } }],
            },
          ],
        },
      }),
    },
  })
  const { url, application } = overloaded.listener('listener')
  await expect
    .poll(async () =>
      Object.values(await overloaded.envoy.admin.stats(/stop_accepting_requests\.active/)),
    )
    .toEqual([1])

  expect((await fetch(url)).status).toBe(503)

  expect(await overloaded.envoy.admin.stats(/downstream_rq_overload_close/)).toMatchObject({
    'http.listener.downstream_rq_overload_close': 1,
  })
  const metrics = await overloaded.envoy.admin.pluginMetrics()
  expect(metrics['moesif_events_captured_total']).toBe(0)
  expect(await application.counts()).toMatchObject({ received: 0 })
})
