import { afterAll, beforeAll, expect, test } from 'vitest'
import { CertificateAuthority } from '#specs/support/certificates.ts'
import { Gateway } from '#specs/support/gateway.ts'
import {
  freeUdpPort,
  http3Cluster,
  http3Files,
  http3Listener,
} from '#sandbox/conformance/stage/http3-listener.ts'

/** A client that speaks HTTP/1.1 to the first listener, which speaks HTTP/3 to the second, where the plugin is. */
let gateway: Gateway<'front' | 'http3'>

beforeAll(async () => {
  const authority = await CertificateAuthority.create('a throw-away authority')
  const port = await freeUdpPort()
  gateway = await Gateway.start({
    listeners: {
      front: { listener: { plugin: null, defaultRoute: { cluster: 'http3' } } },
      http3: {
        plugin: { batch_max_size: 5, batch_max_wait: 200 },
        listener: {
          ...http3Listener(port),
          routes: [{ match: { path: '/refused' }, route: { cluster: 'refused' } }],
        },
      },
    },
    envoy: {
      files: http3Files(await authority.issue('DNS:http3.example')),
      clusters: [
        http3Cluster('http3', port),
        // The discard port, where nobody listens.
        { name: 'refused', url: 'http://127.0.0.1:9' },
      ],
    },
  })
})
afterAll(async () => await gateway?.[Symbol.asyncDispose]())

async function eventOf(
  path: string,
  init?: RequestInit,
  read: (answer: Response) => Promise<unknown> = async (answer) => await answer.arrayBuffer(),
) {
  const marker = crypto.randomUUID()
  const headers = { 'x-marker': marker, ...init?.headers }
  await read(await fetch(gateway.listener('front').url + path, { ...init, headers }))
  const [record] = await gateway.listener('http3').application.awaitEvents({
    where: `header.x-marker:"${marker}"`,
  })
  return record!.event
}

const post = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"a":[1]}',
}

test('a whole exchange over HTTP/3, which Envoy never shows at on_log, is an event', async () => {
  const event = await eventOf('/json?draft=1', post)

  expect(event.request).toMatchObject({ verb: 'POST', body: { a: [1] } })
  expect(event.request.uri).toMatch(/\/json\?draft=1$/)
  expect(event.response).toMatchObject({
    status: 200,
    transfer_encoding: 'json',
    headers: { 'content-type': 'application/json' },
  })
  expect(event.response?.headers).not.toHaveProperty('connection')
  expect(event.metadata).toMatchObject({ cluster: 'upstream' })
  expect(event.metadata).not.toHaveProperty('truncated')
})

test('a response of headers only has them', async () => {
  const event = await eventOf('/status/204')

  expect(event.response).toMatchObject({ status: 204 })
  expect(event.response?.headers).toHaveProperty('date')
})

test.each([
  { path: '/refused', cluster: 'refused', flags: 'UF' },
  { path: '/reset', cluster: 'upstream', flags: 'UC' },
])('an answer that Envoy gives itself to $path says so', async ({ path, cluster, flags }) => {
  const event = await eventOf(path)

  expect(event.response?.status).toBe(503)
  expect(event.metadata).toMatchObject({ cluster, response_flags: flags })
})

test('a client that leaves in the middle of a response has an event of what passed', async () => {
  const event = await eventOf('/stream/1200', {}, async ({ body }) => {
    const reader = body!.getReader()
    await reader.read()
    await reader.cancel()
  })

  expect(event.request.uri).toMatch(/\/stream\/1200$/)
  expect(event.response).toMatchObject({ status: 200, transfer_encoding: 'base64' })
  const passed = Buffer.from(String(event.response?.body), 'base64').toString()
  expect(passed).toMatch(/^line 1\n/)
  expect(passed).not.toContain('line 1200')
})

test('each is counted once', async () => {
  const before = await gateway.listener('http3').application.events()
  await Promise.all(Array.from({ length: 40 }, async () => await eventOf('/json', post)))

  const events = (await gateway.listener('http3').application.events()).slice(before.length)
  expect(new Set(events.map(({ event }) => event.transaction_id)).size).toBe(40)
  expect(events).toHaveLength(40)
  const metrics = await gateway.envoy.waitForMetrics(
    (all) => all['moesif_events_pending'] === 0 && all['moesif_events_sent_total']! >= 40,
  )
  expect(metrics['moesif_events_captured_total']).toBe(metrics['moesif_events_sent_total'])
})
