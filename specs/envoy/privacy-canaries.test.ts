import { once } from 'node:events'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { canaries, type Canary } from '#specs/support/canaries.ts'
import { showsSecret } from '#specs/support/shows-secret.ts'
import { Gateway, type GatewayListenerOptions } from '#specs/support/gateway.ts'

const SECRET = `Canary${crypto.randomUUID().replaceAll('-', '')}`
const CANARIES = canaries(SECRET)

/** One listener for each set of options. */
const OPTIONS = [...new Set(CANARIES.map(({ options }) => JSON.stringify(options)))]
const listenerOf = ({ options }: Canary) => `options-${OPTIONS.indexOf(JSON.stringify(options))}`

const FILTERS = 'type.googleapis.com/envoy.extensions.filters.http'
const GZIP = 'type.googleapis.com/envoy.extensions.compression.gzip'
const compressor: EnvoyJson = {
  name: 'envoy.filters.http.compressor',
  typed_config: {
    '@type': `${FILTERS}.compressor.v3.Compressor`,
    response_direction_config: { common_config: { min_content_length: 1 } },
    compressor_library: {
      name: 'gzip',
      typed_config: { '@type': `${GZIP}.compressor.v3.Gzip` },
    },
  },
}
const decompressor: EnvoyJson = {
  name: 'envoy.filters.http.decompressor',
  typed_config: {
    '@type': `${FILTERS}.decompressor.v3.Decompressor`,
    decompressor_library: {
      name: 'gzip',
      typed_config: { '@type': `${GZIP}.decompressor.v3.Gzip` },
    },
  },
}

const MASKED = {
  batch_max_size: 1,
  response_body_masks: ['secret'],
  request_body_masks: ['secret'],
}
const LISTENERS: Record<string, GatewayListenerOptions> = {
  ...Object.fromEntries(
    OPTIONS.map((options, index) => [
      `options-${index}`,
      {
        plugin: { batch_max_size: 1, debug: true, ...(JSON.parse(options) as object) },
        listener: { trailers: true },
      },
    ]),
  ),
  'compressor-before': { plugin: MASKED, listener: { filtersBefore: [compressor] } },
  'compressor-behind': { plugin: MASKED, listener: { filtersAfter: [compressor] } },
  'decompressor-before': { plugin: MASKED, listener: { filtersBefore: [decompressor] } },
  'decompressor-behind': { plugin: MASKED, listener: { filtersAfter: [decompressor] } },
}

let gateway: Gateway<string>
let upstream: Server

/** Answers as the canary that the header names wants it. */
async function startUpstream(host: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { headers, body = '', trailers } = messageFor(String(request.headers['x-marker']))
    request.resume().once('end', () => {
      response.writeHead(200, {
        ...headers,
        ...(trailers && { trailer: Object.keys(trailers).join() }),
      })
      if (trailers) response.addTrailers(trailers)
      response.end(body)
    })
  }).listen(0, host)
  await once(server, 'listening')
  return server
}

function messageFor(marker: string): NonNullable<Canary['response']> {
  const canary = CANARIES.find(({ place }) => place === marker)
  if (canary) return canary.response ?? {}
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ secret: SECRET })
  if (marker !== 'compressed') return { headers, body }
  return { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) }
}

beforeAll(async () => {
  const { bindHost } = inject('envoyRuntime')
  upstream = await startUpstream(bindHost)
  gateway = await Gateway.start({
    listeners: LISTENERS,
    envoy: { upstream: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` },
  })
})
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  upstream?.close()
  upstream?.closeAllConnections()
})

async function send(listener: string, marker: string, message: NonNullable<Canary['request']>) {
  const headers = { ...message.headers, 'x-marker': marker }
  const method = message.body === undefined ? 'GET' : 'POST'
  const { url } = gateway.listener(listener)
  await new Promise<void>((resolve, reject) => {
    const sent = httpRequest(`${url}${message.path ?? '/'}`, { method, headers }, (response) =>
      response.resume().once('end', resolve),
    )
    sent.once('error', reject)
    if (message.trailers) {
      sent.setHeader('trailer', Object.keys(message.trailers).join())
      sent.write(message.body)
      sent.addTrailers(message.trailers)
      sent.end()
    } else sent.end(message.body)
  })
}

test('no secret of any place leaves under its option, not into the log either', async () => {
  for (const canary of CANARIES) await send(listenerOf(canary), canary.place, canary.request ?? {})

  const shown: string[] = []
  for (const [index] of OPTIONS.entries()) {
    const { application } = gateway.listener(`options-${index}`)
    const places = CANARIES.filter((canary) => listenerOf(canary) === `options-${index}`)
    if (places.every(({ options }) => 'skip' in options)) {
      // Something that is not skipped, to wait for.
      await send(`options-${index}`, 'the query', {})
    }
    const events = await application.awaitEvents({ count: places.length })
    const sent = events.map(({ event }) => JSON.stringify(event)).join('\n')
    if (showsSecret(SECRET, sent)) shown.push(OPTIONS[index]!)
  }
  expect(shown).toEqual([])
  expect(gateway.envoy.logs().filter((line) => showsSecret(SECRET, line))).toEqual([])
})

const masked = (body: unknown) => expect.objectContaining({ body }) as unknown

test.each([
  ['compressor-before', 'plain'],
  ['compressor-behind', 'plain'],
  ['decompressor-before', 'compressed'],
  ['decompressor-behind', 'compressed'],
])('a body is masked whatever compresses it and where: %s', async (listener, marker) => {
  const headers = { 'accept-encoding': 'gzip' }

  await send(listener, marker, { headers })

  const [captured] = await gateway.listener(listener).application.awaitEvents({ count: 1 })
  expect(captured?.event.response).toEqual(masked({ secret: '*****' }))
})

test.each(['decompressor-before', 'decompressor-behind'])(
  'a compressed request is masked: %s',
  async (listener) => {
    const body = gzipSync(JSON.stringify({ secret: SECRET, request: true }))
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }

    await send(listener, 'request', { headers, body })

    const [captured] = await gateway
      .listener(listener)
      .application.awaitEvents({ where: 'header.x-marker:request' })
    expect(captured?.event.request).toEqual(masked({ secret: '*****', request: true }))
  },
)
