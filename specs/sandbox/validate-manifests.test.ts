import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { judge } from './support/judge.ts'

const example = async (file: string): Promise<string> =>
  (await readFile(new URL(`../../examples/istio/${file}`, import.meta.url), 'utf8')).replace(
    '<YOUR MOESIF APPLICATION ID>',
    'an-application-id',
  )

const GATEWAY = await example('moesif-wasm-plugin.yaml')
const SIDECAR = await example('sidecar-inbound/moesif-wasm-plugin.yaml')
const OUTBOUND = await example('istio-moesif-outbound.yaml')

/** The plugin's manifest with more fields in its spec, or some in the place of others. */
const withSpec = (fields: string, manifest = GATEWAY): string =>
  manifest.replace('\nspec:\n', `\nspec:\n  ${fields}\n`)

const without = (manifest: string, field: RegExp): string => {
  expect(manifest).toMatch(field)
  return manifest.replace(field, '')
}

test.each([
  ['mode SERVER on a gateway', 'match: [{ mode: SERVER }]', /nothing would be captured/],
  ['SERVER twice', 'match: [{ mode: SERVER }, { mode: SERVER }]', /nothing would be captured/],
  ['a network filter', 'type: NETWORK', /sees no HTTP: nothing would be captured/],
  ['a type in small letters', 'type: http', /spec\.type is "http", expected one of/],
  ['a digest that is none', 'sha256: abc', /spec\.sha256 is "abc", expected 64 hexadecimal/],
  [
    'a digest that differs',
    `sha256: ${'a'.repeat(64)}`,
    /sha256 is not the digest in url: the download would be refused/,
  ],
  [
    'a digest of digits only, without quotes',
    `sha256: ${'1'.repeat(64)}`,
    /spec\.sha256 is the number .* expected a text \(in quotes\)/,
  ],
  ['an unknown field', 'pluginconfig: {}', /has no field pluginconfig, expected one of selector/],
  [
    'selector and targetRefs',
    'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: g }]',
    /only one of selector and targetRefs can be set/,
  ],
  [
    'a match without a mode that exists',
    'match: [{ mode: INBOUND }]',
    /spec\.match\.0\.mode is "INBOUND"/,
  ],
  ['an environment that is no list', 'vmConfig: { env: {} }', /spec\.vmConfig\.env is an object/],
  ['an empty name', "pluginName: ''", /spec\.pluginName must NOT have fewer/],
])('%s is an error', async (_name, fields, expected) => {
  const { lines } = await judge({ 'plugin.yaml': withSpec(fields) })

  expect(lines).toContainEqual(expect.stringMatching(expected))
  expect(lines.filter((line) => line.includes(' error: '))).not.toEqual([])
})

test.each([
  ['priority: 10', 'priority: "10"', /priority is the text "10", which Kubernetes refuses/],
  ['istio: ingressgateway', 'istio: 1', /matchLabels\.istio is the number 1/],
  [
    'istio: ingressgateway',
    "istio: 'ingress*'",
    /matchLabels\.istio is "ingress\*", expected a label/,
  ],
  ['istio: ingressgateway', 'istio: yes', /matchLabels\.istio is the boolean true/],
  ['name: moesif-plugin', 'name: 5', /metadata\.name is the number 5/],
  ['phase: STATS', 'phase: LOG', /phase is "LOG", expected one of/],
  ['FAIL_OPEN', 'OPEN', /failStrategy is "OPEN", expected one of FAIL_CLOSE, FAIL_OPEN/],
  ['url: oci://', 'url: ftp://', /url has the scheme ftp, expected one of oci/],
  ['imagePullPolicy: IfNotPresent', 'imagePullPolicy: Never', /imagePullPolicy is "Never"/],
])('%s as %s is refused as Kubernetes would', async (from, to, expected) => {
  expect(GATEWAY).toContain(from)

  const { lines } = await judge({ 'plugin.yaml': GATEWAY.replace(from, to) })

  expect(lines).toContainEqual(expect.stringMatching(expected))
})

test.each([
  ['phase AUTHN', GATEWAY.replace('phase: STATS', 'phase: AUTHN'), /in front of Istio's auth/],
  [
    'the port of the Service',
    withSpec('match: [{ ports: [{ number: 80 }] }]'),
    /pods listen on, 8080 for 80/,
  ],
  [
    'no selector',
    without(GATEWAY, / {2}selector:\n.*\n.*\n/),
    /runs on every proxy of the mesh: a call that passes two/,
  ],
])('%s is a warning', async (_name, manifest, expected) => {
  const { lines } = await judge({ 'plugin.yaml': manifest })

  expect(lines).toContainEqual(expect.stringMatching(expected))
  expect(lines.find((line) => expected.test(line))).toContain(' warning: ')
})

test.each([
  ['both sides of a sidecar', withSpec('', SIDECAR).replace(/ {2}match:\n.*\n/, '')],
  ['a mode for each side', SIDECAR.replace('- mode: SERVER', '- mode: SERVER\n    - mode: CLIENT')],
])('%s would log each call twice', async (_name, manifest) => {
  const { lines } = await judge({ 'plugin.yaml': manifest })

  expect(lines).toContainEqual(expect.stringMatching(/error: .*say mode SERVER .* or CLIENT/))
})

test.each([
  ['a gateway of the Gateway API', gatewayApi('gateway.networking.k8s.io', 'moesif-gateway'), []],
  ['one of another name', gatewayApi('gateway.networking.k8s.io', 'other'), [/no Gateway other/]],
  [
    'one of no group',
    gatewayApi("''", 'moesif-gateway'),
    [/group of a Gateway is missing: nothing would be selected/],
  ],
])('targetRefs to %s', async (_name, manifests, expected) => {
  const { lines } = await judge({ 'plugin.yaml': manifests })

  expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
})

test('a List is what its items are, with their places', async () => {
  const items = [GATEWAY, OUTBOUND.replace('mode: SIMPLE', 'mode: DISABLE')]
    .flatMap((text) => parseAllDocuments(text))
    .map((document) => document.toJS() as unknown)
  const list = { apiVersion: 'v1', kind: 'List', items }

  const { subjects, lines } = await judge({ 'list.json': JSON.stringify(list, null, 2) })

  expect(subjects).toEqual(['Istio manifests'])
  expect(lines).toEqual([
    expect.stringMatching(/^list\.json:\d\d+:\d+: error: .*tls mode is DISABLE, expected SIMPLE/),
  ])
})

test('YAML 1.1 booleans are booleans to the plugin, as they are to Kubernetes', async () => {
  const debug = GATEWAY.replace('pluginConfig:\n', 'pluginConfig:\n    debug: yes\n')
  const user = GATEWAY.replace('user_id_header: X-User-Example-Header', 'user_id_header: no')

  expect((await judge({ 'a.yaml': debug })).lines).toEqual([])
  expect((await judge({ 'b.yaml': user })).lines).toEqual([
    expect.stringMatching(/^b\.yaml:.* error: option "user_id_header" is false/),
  ])
})

test('what only looks like a number is a text', async () => {
  const manifest = OUTBOUND.replaceAll("exportTo: ['.']", 'exportTo: [.]').replace(
    'metadata:\n',
    'metadata:\n  labels: { a: e5, b: 1.2.3, c: 0x, d: 12:30, e: 2026-11-26 }\n',
  )

  expect(await judge({ 'a.yaml': manifest })).toMatchObject({ lines: [] })
})

test('a date and a time are texts', async () => {
  const options = 'pluginConfig:\n    base_uri: 2026-11-26\n    company_id_header: 12:30\n'
  const manifest = GATEWAY.replace('pluginConfig:\n', options).replace(
    '    company_id_header: X-Company-Example-Header\n',
    '',
  )

  const { lines } = await judge({ 'plugin.yaml': manifest })

  expect(lines).toEqual([
    expect.stringMatching(/warning: option "company_id_header" is "12:30", which is ignored/),
  ])
})

test.each([
  ['an EnvoyFilter that captures', envoyFilter(), []],
  [
    'one with options that do not',
    envoyFilter({ id: '5' }),
    [/moesif_application_id" is a number/],
  ],
  ['one that adds behind the router', envoyFilter({ operation: 'ADD' }), [/behind the router/]],
  ['one that is not open', envoyFilter({ open: 'false' }), [/Set fail_open: true/]],
  [
    'one whose cluster nobody makes',
    envoyFilter({ upstream: 'moesif_api' }),
    [/cluster "moesif_api", which no EnvoyFilter adds/],
  ],
])('%s', async (_name, manifest, expected) => {
  const { role, lines } = await judge({ 'filter.yaml': manifest, 'outbound.yaml': OUTBOUND })

  expect(role).toBe('plugin')
  expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
})

test.each([
  ['a Service alone', 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: {}\n', 'none'],
  ['another kind', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\n', 'none'],
  [
    "another vendor's plugin",
    'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: { name: a }\nspec: { url: oci://b }\n',
    'none',
  ],
  ['what leads to Moesif', OUTBOUND, 'way to Moesif'],
  ['the plugin', GATEWAY, 'plugin'],
])('%s: nothing is wrong with it, and its role is recognised', async (_name, manifest, role) => {
  expect(await judge({ 'a.yaml': manifest })).toMatchObject({ role, lines: [] })
})

const ECHO = await example('echo-service.yaml')
const namespace = (labels: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: ${labels} }\n`
const INJECTED = namespace('{ istio-injection: enabled }')

test.each([
  ['a namespace that injects sidecars', INJECTED, '', []],
  ['one that does not', namespace('{}'), '', [/warning: .*nothing injects sidecars here/]],
  [
    'one in ambient mode',
    namespace('{ istio.io/dataplane-mode: ambient }'),
    '',
    [/error: .*ambient mode, without sidecars/],
  ],
  ['a pod that wants none', INJECTED, '"false"', [/error: .*it has no sidecar/]],
  ['a pod that wants one', namespace('{}'), '"true"', []],
])('a plugin on sidecars in %s', async (_name, space, inject, expected) => {
  const label = inject === '' ? '' : `\n        sidecar.istio.io/inject: ${inject}`
  const echo = ECHO.replace('template:\n    metadata:\n      labels:', `$&${label}`)

  const { lines } = await judge({ 'a.yaml': space, 'b.yaml': echo, 'c.yaml': SIDECAR })

  expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
})

test('two plugins on one gateway log each call twice', async () => {
  const other = GATEWAY.replace('name: moesif-plugin', 'name: another')

  const { lines } = await judge({ 'a.yaml': GATEWAY, 'b.yaml': other })

  expect(lines).toEqual([
    expect.stringMatching(/^b\.yaml.* warning: .*the same gateway is logged by moesif-plugin/),
  ])
})

test('a plugin for a gateway in namespace default, as without one, reaches few', async () => {
  const { lines } = await judge({
    'a.yaml': GATEWAY.replace('  namespace: istio-system\n', '').replace(
      'ingressgateway',
      'ingress',
    ),
  })

  expect(lines).toEqual([expect.stringMatching(/warning: .*gateways of that namespace only/)])
})

test('two plugins of one name: the one applied last replaces the other', async () => {
  const { lines } = await judge({ 'a.yaml': GATEWAY, 'b.yaml': GATEWAY })

  expect(lines).toEqual([
    expect.stringMatching(/^b\.yaml:.* warning: .*has the same name as the one at a\.yaml:/),
  ])
})

test('null is as good as absent to Kubernetes, not to Istio', async () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: a, labels: }\nspec: { ports: }\n'

  expect((await judge({ 'a.yaml': service })).lines).toEqual([])
  expect((await judge({ 'b.yaml': withSpec('vmConfig:') })).lines).toEqual([
    expect.stringMatching(/spec\.vmConfig is null, which Kubernetes refuses/),
  ])
})

test('an old API version that Istio still serves is a warning', async () => {
  const { lines } = await judge({
    'a.yaml': OUTBOUND.replace('networking.istio.io/v1', 'networking.istio.io/v1beta1'),
  })

  expect(lines).toEqual([expect.stringMatching(/^a\.yaml:\d+:13: warning: .*is an old one/)])
})

function gatewayApi(group: string, name: string): string {
  const target = `targetRefs: [{ group: ${group}, kind: Gateway, name: ${name} }]`
  return `${withSpec(target, without(GATEWAY, / {2}selector:\n.*\n.*\n/))}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: moesif-gateway, namespace: istio-system }
spec: { gatewayClassName: istio, listeners: [] }
`
}

function envoyFilter({
  id = '"an-application-id"',
  operation = 'INSERT_BEFORE',
  open = 'yes',
  upstream = 'outbound|443||api.moesif.net',
} = {}): string {
  return `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: moesif, namespace: istio-system }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: GATEWAY
        listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: envoy.filters.http.router } } } }
      patch:
        operation: ${operation}
        value:
          name: moesif
          typed_config:
            '@type': type.googleapis.com/udpa.type.v1.TypedStruct
            type_url: type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
            value:
              config:
                fail_open: ${open}
                configuration:
                  '@type': type.googleapis.com/google.protobuf.StringValue
                  value: '{"moesif_application_id":${id},"upstream":"${upstream}"}'
                vmConfig: { code: { local: { filename: /etc/moesif.wasm } } }
`
}
