import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { readFixture } from '#sandbox/istio/fixture.ts'
import { httpCall } from '#specs/support/http-call.ts'
import { GATEWAY, IstioScene, withApplicationId, withConfiguration } from './istio-scene.ts'

let scene: IstioScene

beforeAll(async () => {
  scene = await IstioScene.start()
})

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
})

test.each([
  ['is missing', withoutConfiguration],
  ['has no application id', (all: EnvoyJson[]) => configured(all, { moesif_application_id: '' })],
  ['has an option of a wrong type', (all: EnvoyJson[]) => configured(all, { debug: 'yes please' })],
  [
    'has masks that are no list',
    (all: EnvoyJson[]) => configured(all, { request_header_masks: 5 }),
  ],
] as const)('users are served when pluginConfig %s', async (_how, extensions) => {
  const { envoy } = await scene.startProxy(GATEWAY, { extensions })
  await using _ = envoy

  const statuses = await Promise.all(
    Array.from({ length: 5 }, async () => (await httpCall(`${envoy.url}/echo`)).status),
  )

  expect(statuses).toEqual([200, 200, 200, 200, 200])
  await envoy.waitForMetrics((metrics) => (metrics['moesif_configuration_invalid'] ?? 0) >= 1)
})

test('users are served when the module cannot be downloaded', async () => {
  const { proxies } = await readFixture('gateway')
  const { envoy } = await scene.startProxy(GATEWAY, {
    extensions: () => proxies['gateway']?.extensionsAfterFailedDownload ?? [],
  })
  await using _ = envoy

  const { status } = await httpCall(`${envoy.url}/echo`)

  expect(status).toBe(200)
  expect(await envoy.metrics()).toEqual({})
})

test('users are served, and events are counted, when upstream names no cluster', async () => {
  const { envoy, application } = await scene.startProxy(GATEWAY, {
    extensions: (all, applicationId) =>
      withConfiguration(withApplicationId(all, applicationId), (text) =>
        text.replace('outbound|443||api.moesif.net', 'moesif_api'),
      ),
  })
  await using _ = envoy

  const { status } = await httpCall(`${envoy.url}/echo`)

  expect(status).toBe(200)
  await envoy.waitForMetrics((metrics) => metrics['moesif_events_captured_total'] === 1)
  expect(await application.requests()).toEqual([])
})

function configured(extensions: EnvoyJson[], options: Record<string, unknown>): EnvoyJson[] {
  return withConfiguration(withApplicationId(extensions, 'application'), (text) =>
    JSON.stringify({ ...(JSON.parse(text) as object), ...options }),
  )
}

/** A WasmPlugin without pluginConfig becomes a PluginConfig without configuration. */
function withoutConfiguration(extensions: EnvoyJson[]): EnvoyJson[] {
  for (const { typed_config: filter } of extensions) {
    delete (filter as { config: EnvoyJson }).config['configuration']
  }
  return extensions
}
