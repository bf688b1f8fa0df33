import { expect, test } from 'vitest'
import { whatLeaves } from '#sandbox/validate/options/what-leaves.ts'
import { validateFiles } from '#sandbox/validate/validate-files.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { composeEnvoyYaml } from '#sandbox/compose/envoy-yaml.ts'

const partsOf = (options: Record<string, unknown>) => Object.fromEntries(whatLeaves(options))

test('without options everything leaves, and nobody is known', () => {
  expect(partsOf({})).toEqual({
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
    metadata: 'route, cluster, response code details, request id',
  })
})

test('what options keep in, and where identities come from, is said', () => {
  expect(
    partsOf({
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
    'request headers':
      'all but authorization, x-internal-*; masked cookies: sid; parameters in URIs masked',
    'response headers': 'only content-type; parameters in URIs masked',
    query: 'masked: token',
    'request bodies':
      'up to 100000 bytes; only application/json; masked: password, $.card.number; left out if that cannot be done',
    'response bodies': 'none',
    metadata: 'region',
  })
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
