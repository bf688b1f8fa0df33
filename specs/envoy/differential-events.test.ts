import { inject } from 'vitest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlugin } from '#plugin/build/build.ts'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { Gateway } from '#specs/support/gateway.ts'
import { comparable } from './support/comparable-event.ts'
import { CASE_HEADER, completed, type DifferentialCase } from './support/differential-case.ts'
import { answeredByEnvoy } from './support/differential-cases/answered-by-envoy.ts'
import { broken } from './support/differential-cases/broken.ts'
import { complete } from './support/differential-cases/complete.ts'
import { ScriptedUpstream } from './support/scripted-upstream.ts'
import { sendRequest } from './support/scripted-client.ts'

const cases = [...complete, ...broken, ...answeredByEnvoy]

const options = {
  batch_max_size: 1,
  batch_max_wait: 100,
  user_id_header: 'X-User-Id',
  company_id_header: 'X-Company-Id',
}

const denyAll: EnvoyJson = {
  name: 'envoy.filters.http.rbac',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
    rules: {
      action: 'DENY',
      policies: { nobody: { permissions: [{ any: true }], principals: [{ any: true }] } },
    },
  },
}

const routes: EnvoyJson[] = [
  {
    match: { prefix: '/direct' },
    direct_response: { status: 418, body: { inline_string: 'teapot' } },
  },
  { match: { prefix: '/redirect' }, redirect: { path_redirect: '/elsewhere' } },
  { match: { prefix: '/unhealthy' }, route: { cluster: 'empty' } },
  { match: { prefix: '/grpc' }, route: { cluster: 'grpc' } },
  {
    match: { prefix: '/rewritten' },
    route: { cluster: 'upstream', prefix_rewrite: '/v2', host_rewrite_literal: 'internal.local' },
    request_headers_to_remove: ['x-user-id'],
    request_headers_to_add: [
      {
        header: { key: 'authorization', value: 'Bearer injected' },
        append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
      },
    ],
  },
]

const manyHeaders = { common_http_protocol_options: { max_headers_count: 300 } }

type ListenerName = 'plain' | 'trailers' | 'unrouted' | 'refused-before' | 'refused-after'
let upstream: ScriptedUpstream
let gateway: Gateway<ListenerName>
let wasm: string

beforeAll(async () => {
  wasm = (await buildPlugin()).path
  upstream = await ScriptedUpstream.start(cases, inject('envoyRuntime').bindHost)
  gateway = await Gateway.start({
    listeners: {
      plain: {
        plugin: options,
        listener: { routes, upgrades: ['websocket'], hcm: manyHeaders },
      },
      trailers: { plugin: options, listener: { trailers: true } },
      unrouted: { plugin: options, listener: { virtualHost: { routes: [] } } },
      'refused-before': { plugin: options, listener: { filtersBefore: [denyAll] } },
      'refused-after': { plugin: options, listener: { filtersAfter: [denyAll] } },
    },
    envoy: {
      upstream: { url: upstream.http1Url },
      clusters: [
        { name: 'grpc', url: upstream.http2Url, http2: true },
        { name: 'empty', url: [] },
      ],
    },
  })
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  await upstream?.[Symbol.asyncDispose]()
})

async function eventInEnvoy(one: DifferentialCase): Promise<unknown> {
  const { url, application } = gateway.listener((one.listener ?? 'plain') as ListenerName)
  const close = await sendRequest(one, url, upstream.reached(one.name))
  try {
    const [record] = await application.awaitEvents({
      where: `header.${CASE_HEADER}:"${one.name}"`,
    })
    return record?.event
  } finally {
    close()
  }
}

async function eventInEmulator(one: DifferentialCase): Promise<unknown> {
  const emulator = await MoesifEmulator.load(wasm)
  emulator.configure({ moesif_application_id: 'differential', ...options })
  const script = completed(one)
  const facts = { clusterName: 'upstream', ...script.facts }
  emulator.worker(0).exchange({ ...script, facts })
  emulator.advance(1000)
  return emulator.collector.events()[0]
}

test.for(cases)('the emulator and Envoy agree on: $name', async (one) => {
  const measured = comparable(await eventInEnvoy(one))
  const emulated = comparable(await eventInEmulator(one))

  expect(emulated).toEqual(measured)
})

test('both show how long a slow answer took', async () => {
  const slow = cases.find((one) => one.script.durationMs !== undefined)!

  expect(durationOf(await eventInEmulator(slow))).toBe(slow.script.durationMs)
  // Envoy's clock and the upstream's timer may differ by some milliseconds.
  expect(durationOf(await eventInEnvoy(slow))).toBeGreaterThan(slow.script.durationMs! - 20)
})

function durationOf(event: unknown): number {
  const { request, response } = event as Record<string, { time: string }>
  return Date.parse(response!.time) - Date.parse(request!.time)
}
