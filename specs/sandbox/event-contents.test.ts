import { expect, test } from 'vitest'
import { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { collectorOf } from '#sandbox/validate/options/collector.ts'
import { OPTIONS } from '#sandbox/validate/options/option-schema.ts'
import { eventContents } from '#sandbox/validate/options/event-contents.ts'
import { validateFiles } from '#sandbox/validate/validate-files.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'

const partsOf = async (options: Record<string, unknown>): Promise<Record<string, string>> => {
  const text = JSON.stringify({ moesif_application_id: 'a', ...options })
  return Object.fromEntries(await eventContents(text, BUILT_PLUGIN))
}

const collectorWith = async (options: object) =>
  await collectorOf(JSON.stringify(options), BUILT_PLUGIN)

test('without options everything leaves, and nobody is known', async () => {
  expect(await partsOf({})).toEqual({
    exchanges: 'all',
    user: 'unknown',
    company: 'unknown',
    'API version': 'header:x-api-version',
    'client address': 'peer',
    'request headers': 'all',
    'response headers': 'all',
    query: 'as it is',
    'request bodies': 'up to 100000 bytes; nothing masked',
    'response bodies': 'up to 100000 bytes; nothing masked',
    metadata:
      'route, cluster, response code details and flags, gRPC status, request id, plugin version',
  })
})

test('what options keep in, and where identities come from, is said', async () => {
  expect(
    await partsOf({
      user_id_header: 'X-User',
      user_id_sources: ['jwt:authorization:sub'],
      authorization_company_id_field: 'org',
      session_token_sources: ['sha256(header:x-api-key)'],
      request_header_masks: ['authorization', 'x-internal-*', 'cookie:sid'],
      response_header_allow: ['content-type'],
      request_query_masks: ['token'],
      request_body_masks: ['password', '$.card.number'],
      capture_body_content_types: ['application/json'],
      disable_capture_response_body: true,
      disable_metadata: true,
      metadata: { region: 'eu' },
      skip: [
        { conditions: [{ path: 'request.route', value: '^/health' }] },
        {
          conditions: [
            { path: 'request.verb', value: 'GET' },
            { path: 'response.status', value: '^2' },
          ],
        },
      ],
    }),
  ).toEqual({
    exchanges: 'all but request.route ~ ^/health, or request.verb ~ GET and response.status ~ ^2',
    user: 'header:x-user, then response_header:x-user, then jwt:authorization:sub, then jwt:authorization:sub, then basic:authorization',
    company: 'jwt:authorization:org',
    session: 'sha256(header:x-api-key)',
    'API version': 'header:x-api-version',
    'client address': 'peer',
    'request headers': 'without authorization, x-internal-*, cookie:sid; parameters in URIs masked',
    'response headers': 'only content-type; parameters in URIs masked',
    query: 'masked: token',
    'request bodies':
      'up to 100000 bytes; only application/json; masked: password, $.card.number; left out if that cannot be done',
    'response bodies': 'none',
    metadata: 'region',
  })
})

test('an option changes what is said of the parts of events that the schema names, and of no other', async () => {
  const before = await partsOf({})
  const beside: Record<string, string[]> = {
    authorization_header_name: ['user'],
    authorization_company_id_field: ['user'],
  }
  for (const [name, option] of Object.entries(OPTIONS)) {
    const [example = option.minimum ?? true] = option.examples ?? []
    // oxlint-disable-next-line no-await-in-loop -- one emulator at a time
    const after = await partsOf({ [name]: example })
    const changed = Object.keys(after).filter((part) => after[part] !== before[part])
    const named = new Set([
      ...Object.keys(option['x-event-contents'] ?? {}),
      ...(beside[name] ?? []),
    ])
    expect.soft(new Set(changed), name).toEqual(named)
  }
})

test('words of the user are shown as they are', async () => {
  expect(await partsOf({ request_query_masks: ['{id}', '$&', '{}'] })).toMatchObject({
    query: 'masked: {id}, $&, {}',
  })
})

test('a value that the plugin does not take as it is, is not said to hold', async () => {
  expect(
    await partsOf({
      request_max_body_size_limit: 5_000_000,
      response_max_body_size_limit: 10.5,
      user_id_header: 'no header name',
      client_ip_sources: [],
    }),
  ).toMatchObject({
    'request bodies': 'up to 1000000 bytes; nothing masked',
    'response bodies': 'up to 10 bytes; nothing masked',
    user: 'unknown',
    'client address': 'peer',
  })
  const twice =
    '{"moesif_application_id":"a","request_max_body_size_limit":-1,"request_max_body_size_limit":7}'
  expect(await eventContents(twice, BUILT_PLUGIN)).toContainEqual([
    'request bodies',
    'up to 7 bytes; nothing masked',
  ])
})

test('what is said holds for the events that the plugin makes', async () => {
  const options = {
    moesif_application_id: 'a',
    batch_max_size: 1,
    disable_sampling: true,
    request_max_body_size_limit: 5_000_000,
    authorization_company_id_field: 'org',
  }
  const said = await partsOf(options)
  expect(said).toMatchObject({
    user: 'jwt:authorization:sub, then basic:authorization',
    company: 'jwt:authorization:org',
    'API version': 'header:x-api-version',
    'request bodies': 'up to 1000000 bytes; nothing masked',
  })
  const emulator = await MoesifEmulator.load(BUILT_PLUGIN)
  emulator.configure(options)
  const token = `e30.${Buffer.from('{"sub":"ann","org":"acme"}').toString('base64url')}.c2ln`
  for (const length of [1_000_000, 1_000_001]) {
    emulator.worker(0).exchange({
      request: {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'x-api-version': '7' },
        body: 'x'.repeat(length),
      },
    })
  }

  const [whole, longer] = emulator.collector.events() as Record<string, Record<string, unknown>>[]

  expect(whole).toMatchObject({ user_id: 'ann', company_id: 'acme', request: { api_version: '7' } })
  expect(whole?.['request']?.['body']).toHaveLength(1_000_000)
  expect(longer?.['request']?.['body']).toMatchObject({ msg: expect.stringContaining('left out') })
})

test('the collector that is judged is the one that the plugin calls', async () => {
  expect(await collectorWith({})).toEqual({
    cluster: 'moesif_api',
    host: 'api.moesif.net',
    isPlainText: false,
  })
  expect(
    await collectorWith({ upstream: ' own ', base_uri: 'http://proxy.local:8443/moesif' }),
  ).toEqual({
    cluster: 'own',
    host: 'proxy.local',
    isPlainText: true,
  })
  expect(await collectorWith({ upstream: 'has a blank', base_uri: 'other.host' })).toEqual({
    cluster: 'moesif_api',
    host: 'other.host',
    isPlainText: false,
  })
  expect(await collectorWith({ upstream: 7 })).toBeUndefined()
})

test('the options of every plugin in the files are found', async () => {
  const manifest = `apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: moesif }
spec: { url: 'file:///moesif.wasm', pluginConfig: { moesif_application_id: b } }
`
  const { options } = await validateFiles(
    [
      { file: 'options.json', text: '{ "moesif_application_id": "a" }' },
      { file: 'envoy.yaml', text: composeEnvoyYaml() },
      { file: 'istio.yaml', text: manifest },
    ],
    BUILT_PLUGIN,
  )

  expect(options.map(({ place }) => place().file)).toEqual([
    'options.json',
    'envoy.yaml',
    'istio.yaml',
  ])
})
