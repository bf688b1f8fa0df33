import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulated-plugin/index.ts'
import { APPLICATION_ID, eventOf, eventsOf, startPlugin } from './support/plugin-under-test.ts'

test('has route, cluster, details, request id and the version of the plugin', async () => {
  const manifest = await readFile(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }

  const event = await eventOf({
    request: { headers: { 'x-request-id': 'r-1' } },
    response: { status: 404 },
    facts: { routeName: 'orders', clusterName: 'outbound|80||echo.default.svc.cluster.local' },
  })

  expect(event.metadata).toEqual({
    plugin: `moesif-envoy-wasm-plugin/${version}`,
    route: 'orders',
    cluster: 'outbound|80||echo.default.svc.cluster.local',
    response_code_details: 'via_upstream',
    request_id: 'r-1',
  })
})

test('has only what is known', async () => {
  const event = await eventOf({
    properties: { 'xds.cluster_name': null, 'xds.route_name': '', 'response.code_details': null },
    request: { headers: { 'x-request-id': '' } },
  })

  expect(event.metadata).not.toHaveProperty('route')
  expect(event.metadata).not.toHaveProperty('cluster')
  expect(event.metadata).not.toHaveProperty('response_code_details')
  expect(event.metadata).not.toHaveProperty('response_flags')
  expect(event.metadata).not.toHaveProperty('grpc_status')
})

test('routes without names are asked for one in sixteen times, and each time once one had a name', async () => {
  const emulator = await startPlugin()
  const emptyRoutes = Array.from({ length: 10 }, () => null)
  const namedRoutes = Array.from({ length: 10 }, () => 'orders')
  for (const routeName of [...emptyRoutes, ...namedRoutes]) {
    emulator.worker(0).exchange({ facts: { routeName } })
  }

  const routes = eventsOf(emulator).map((event) => event.metadata?.['route'])
  expect(routes.slice(0, 16)).toEqual(Array.from({ length: 16 }, () => undefined))
  expect(routes.slice(16)).toEqual(['orders', 'orders', 'orders', 'orders'])
})

test('an exchange that is not asked for its route does not get that of another root', async () => {
  const emulator = await startPlugin()
  const [named, unnamed] = ['a', 'b'].map((rootId) =>
    emulator.configure({ moesif_application_id: APPLICATION_ID }, { rootId }),
  )
  for (const routeName of [null, 'orders', null])
    emulator.worker(0).exchange({ facts: { routeName } }, routeName ? named : unnamed)

  const routes = eventsOf(emulator).map((event) => event.metadata?.['route'])
  expect(routes.filter(Boolean)).toEqual(['orders'])
})

const request = { method: 'POST', body: '{}' }
const response = { body: '{}' }

test.each<[string, ExchangeScript]>([
  ['with a body', { request, response }],
  ['without a body', { request, response: {} }],
  ['to a request without one', { response: { status: 204 } }],
  ['with trailers', { request, response: { body: '{}', trailers: { a: 'b' } } }],
  ['to a request with trailers', { request: { ...request, trailers: { a: 'b' } }, response }],
])("an upstream's answer %s that came through whole has no reason", async (_name, exchange) => {
  const event = await eventOf(exchange)

  expect(event.metadata).toMatchObject({ cluster: 'echo' })
  expect(event.metadata).not.toHaveProperty('response_code_details')
})

test.each<[string, ExchangeScript]>([
  ['an error', { request, response: { body: '{}', status: 500 } }],
  ['an answer of Envoy itself', { request, response: { body: '{}', localReply: 'by-router' } }],
  ['a response that broke off', { request, response: { body: '{', unfinished: true } }],
  ['an answer to half a request', { request: { ...request, unfinished: true }, response }],
])('%s has the reason that Envoy gives', async (_name, exchange) => {
  const event = await eventOf({ ...exchange, facts: { codeDetails: 'some_reason' } })

  expect(event.metadata?.['response_code_details']).toBe('some_reason')
})

test('a gRPC call has its status there', async () => {
  const headers = { 'content-type': 'application/grpc+proto' }

  const event = await eventOf({
    protocol: 'HTTP/2',
    request: { method: 'POST', headers, body: 'x', trailers: {} },
    response: { headers, body: 'y', trailers: { 'grpc-status': '5' } },
  })

  expect(event.metadata?.['grpc_status']).toBe(5)
})

test('can be switched off', async () => {
  expect(await eventOf({}, { disable_metadata: true })).not.toHaveProperty('metadata')
})
