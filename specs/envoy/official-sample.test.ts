import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { envoyFile } from '#sandbox/envoy/options.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { Gateway } from '#specs/support/gateway.ts'

/** As users of the official plugin have it in their configuration; only the path is ours. */
const httpFilter = (applicationId: string) => `
name: envoy.filters.http.wasm
typed_config:
  '@type': type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
  config:
    name: moesif_api
    root_id: moesif_api_root_id
    vm_config:
      vm_id: moesif_api_vm
      code:
        local:
          filename: '${envoyFile('moesif_envoy_wasm_plugin.wasm')}'
      runtime: envoy.wasm.runtime.v8
    configuration:
      '@type': type.googleapis.com/google.protobuf.StringValue
      value: |-
        {
          "moesif_application_id": "${applicationId}",
          "user_id_header": "X-User-Id",
          "company_id_header": "X-Company-Id",
          "upstream": "moesif_api"
        }
`

test('a filter configured for the official plugin gives events with ours', async () => {
  const applicationId = crypto.randomUUID()
  await using gateway = await Gateway.start({
    listeners: {
      main: {
        listener: { plugin: null, filtersBefore: [parse(httpFilter(applicationId)) as EnvoyJson] },
      },
    },
    envoy: { files: { 'moesif_envoy_wasm_plugin.wasm': await readFile(BUILT_PLUGIN) } },
  })

  await (
    await fetch(`${gateway.listener('main').url}/hello`, { headers: { 'x-user-id': 'u1' } })
  ).text()

  const [captured] = await gateway.mock.application(applicationId).awaitEvents({ timeout: 60_000 })
  expect(captured?.event).toMatchObject({ user_id: 'u1', request: { verb: 'GET' } })
})
