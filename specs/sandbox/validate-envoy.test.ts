import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { listAt } from '#sandbox/validate/path.ts'
import { judge } from './support/judge.ts'

const EXAMPLE = (
  await readFile(new URL('../../examples/envoy/envoy.yaml', import.meta.url), 'utf8')
).replace('<YOUR APPLICATION ID HERE>', 'an-application-id')

const edited = (from: string | RegExp, to: string, text = EXAMPLE): string => {
  const result = text.replace(from, to)
  expect(result).not.toBe(text)
  return result
}

/** Texts in literal blocks, not folded. */
const yaml = (value: unknown): string => stringify(value, { lineWidth: 0 })

const camelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelCase)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(inner),
    ]),
  )
}

const FORMS: Record<string, string> = {
  'as it is': EXAMPLE,
  'in camelCase': yaml(camelCase(parse(EXAMPLE))),
  'as JSON': JSON.stringify(parse(EXAMPLE)),
  'as JSON with tabs': JSON.stringify(parse(EXAMPLE), null, '\t'),
  'as JSON in camelCase': JSON.stringify(camelCase(parse(EXAMPLE)), null, 2),
  'behind a byte order mark': `\ufeff${EXAMPLE}`,
  'with a boolean of YAML 1.1': edited('fail_open: true', 'fail_open: yes'),
  'with a boolean as text': edited('fail_open: true', 'fail_open: "true"'),
  'with a failure policy that says nothing': edited(
    'fail_open: true',
    'fail_open: true\n                        failure_policy: UNSPECIFIED',
  ),
  'with another host in its type URLs': edited(/type\.googleapis\.com/g, 'type.example.com'),
  'with CR LF': edited(/\n/g, '\r\n'),
  'with the options as bytes': withBytes(EXAMPLE),
  'as a TypedStruct': typedStruct('xds.type.v3.TypedStruct'),
  'with a key given twice': edited(
    'fail_open: true',
    'fail_open: false\n                        fail_open: true',
  ),
  'with the certificate authority of the system': edited(
    /trusted_ca:\n\s+filename: .*\n/,
    'system_root_certs: {}\n',
  ),
  'with automatic names': edited(
    /sni: api\.moesif\.net\n/,
    'auto_host_sni: true\n          auto_sni_san_validation: true\n',
    edited(/ +match_typed_subject_alt_names:\n.*\n.*\n/, ''),
  ),
  'with a validation context that is combined': combined(EXAMPLE),
  'with an anchor and an alias': edited(
    'exact: api.moesif.net',
    'exact: *moesif',
    edited('sni: api.moesif.net', 'sni: &moesif api.moesif.net'),
  ),
}

test.each(Object.keys(FORMS))('there is nothing to say about the example %s', async (form) => {
  expect(await judge({ 'envoy.yaml': FORMS[form] ?? '' })).toEqual({
    subjects: ['Envoy configuration'],
    role: 'plugin',
    lines: [],
  })
})

const BROKEN: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in camelCase': (text) => yaml(camelCase(parse(text))),
  'as JSON': (text) => JSON.stringify(parse(text), null, 2),
  'as a TypedStruct': (text) => typedStruct('udpa.type.v1.TypedStruct', text),
}

test.each(Object.keys(BROKEN))(
  'mistakes are found in a file %s, with their lines',
  async (form) => {
    const text = edited(
      'sni: api.moesif.net',
      'sni: example.com',
      edited(
        'fail_open: true',
        'fail_open: off',
        edited('"user_id_header": "X-User', '"user_id_header": 5, "x": "'),
      ),
    )
    const file = BROKEN[form]?.(text) ?? ''

    const { lines } = await judge({ 'envoy.yaml': file })

    const lineOf = (pattern: RegExp) => file.split('\n').findIndex((one) => pattern.test(one)) + 1
    const startOf = (words: string) => lines.find((line) => line.includes(words))?.split(' ')[0]
    expect(startOf('Set fail_open: true')).toMatch(`envoy.yaml:${lineOf(/fail_?open"?:/i)}:`)
    expect(startOf('sni is example.com')).toMatch(`envoy.yaml:${lineOf(/sni"?:/)}:`)
    const optionLine = lineOf(/user_id_header/)
    expect(startOf('option "user_id_header" is 5')).toMatch(`envoy.yaml:${optionLine}:`)
    expect(startOf('option "x" is not known')).toMatch(`envoy.yaml:${optionLine}:`)
  },
)

/** The example, and the list of its HTTP filters, to be changed. */
function exampleWithFilters(): { bootstrap: object; filters: unknown[] } {
  const bootstrap = parse(EXAMPLE) as object
  const manager = ['static_resources', 'listeners', 0, 'filter_chains', 0, 'filters', 0]
  return { bootstrap, filters: listAt(bootstrap, [...manager, 'typed_config', 'http_filters']) }
}

test('options as a Struct never reach the plugin as JSON', async () => {
  const { lines } = await judge({
    'envoy.yaml': edited(
      /value: \|\n[^}]*\}\n/,
      'value: { moesif_application_id: a }\n',
      edited('google.protobuf.StringValue', 'google.protobuf.Struct'),
    ),
  })

  expect(lines).toEqual([expect.stringMatching(/error: configuration must be a .*StringValue/)])
})

test('a second filter in one chain logs each call twice', async () => {
  const { bootstrap, filters } = exampleWithFilters()
  filters.unshift(structuredClone(filters[0]))

  expect((await judge({ 'envoy.yaml': yaml(bootstrap) })).lines).toEqual([
    expect.stringMatching(/warning: a second filter of Moesif in one chain/),
  ])
})

test('fifty filters with one cluster: each finding once for each place', async () => {
  const listeners = Array.from({ length: 50 }, (_, index) =>
    JSON.stringify(parse(EXAMPLE).static_resources.listeners[0]).replace(
      '"ingress"',
      `"ingress-${index}"`,
    ),
  )
  const bootstrap = parse(edited('sni: api.moesif.net', 'sni: other')) as {
    static_resources: { listeners: unknown[] }
  }
  bootstrap.static_resources.listeners = listeners.map((text) => JSON.parse(text) as unknown)

  const { lines } = await judge({ 'envoy.json': JSON.stringify(bootstrap, null, 2) })

  expect(lines).toEqual([expect.stringMatching(/error: sni is other, expected api\.moesif\.net/)])
})

test.each([
  [
    'no TLS check',
    'trusted_ca:',
    'trust_chain_verification: ACCEPT_UNTRUSTED\n              trusted_ca:',
    /ACCEPT_UNTRUSTED accepts any certificate/,
  ],
  [
    'both ways to say what a crash does',
    'fail_open: true',
    'fail_open: yes\n                        failure_policy: FAIL_OPEN',
    /^envoy\.yaml:\d+:\d+: error: only one of fail_open or failure_policy can be set.*Keep fail_open: true, and remove failure_policy/,
  ],
  [
    'the other way to say what a crash does',
    'fail_open: true',
    'failure_policy: FAIL_OPEN',
    /error: Set fail_open: true in the place of failure_policy/,
  ],
  [
    'another engine',
    'wasm.runtime.v8',
    'wasm.runtime.wamr',
    /warning: the plugin is run with .*v8 only/,
  ],
  [
    'a filter that is disabled',
    '- name: envoy.filters.http.wasm',
    '- disabled: on\n                    name: envoy.filters.http.wasm',
    /warning: the filter is disabled/,
  ],
  [
    'clusters that are discovered',
    'static_resources:',
    'dynamic_resources: { cds_config: { path: /c } }\nstatic_resources:',
    /warning: the option upstream names the cluster "other"/,
  ],
  [
    'an alias that contains itself',
    "domains: ['*']",
    'domains: &d [*d]',
    /this alias refers to what it is part of/,
  ],
  [
    'a second document',
    /$/,
    '---\nadmin: {}\n',
    /warning: Envoy reads the first document of a file only/,
  ],
])('%s is reported', async (_name, from, to, expected) => {
  const text = edited(from, to)
  const file = text.includes('dynamic_resources')
    ? edited('"upstream": "moesif_api"', '"upstream": "other"', text)
    : text

  const { lines } = await judge({ 'envoy.yaml': file })

  expect(lines).toEqual([expect.stringMatching(expected)])
})

test('a filter that is discovered in a file is judged when the file is given, too', async () => {
  const { bootstrap, filters } = exampleWithFilters()
  const [filter] = filters as { typed_config: object }[]
  filters[0] = {
    name: 'discovered',
    config_discovery: { config_source: { path_config_source: { path: '/ecds.yaml' } } },
  }
  const ecds = {
    resources: [
      {
        '@type': 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig',
        name: 'discovered',
        typed_config: filter!.typed_config,
      },
    ],
  }

  expect((await judge({ 'envoy.yaml': yaml(bootstrap) })).lines).toEqual([
    expect.stringMatching(/There is no Wasm filter of Moesif in it.*Give the files that it discov/),
  ])
  const both = { 'envoy.yaml': yaml(bootstrap), 'ecds.yaml': yaml(ecds) }
  expect(await judge(both)).toMatchObject({ role: 'plugin', lines: [] })
  const others = { 'ecds.yaml': yaml(ecds), 'cds.yaml': clustersOf(EXAMPLE) }
  expect(await judge(others)).toMatchObject({ role: 'plugin', lines: [] })
})

test('a cluster may be in a second file', async () => {
  const { static_resources: resources } = parse(EXAMPLE) as {
    static_resources: { listeners: unknown }
  }

  const { subjects, lines } = await judge({
    'envoy.yaml': yaml({ static_resources: { listeners: resources.listeners } }),
    'cds.yaml': clustersOf(EXAMPLE),
  })

  expect(subjects).toEqual(['Envoy configuration', 'Envoy configuration'])
  expect(lines).toEqual([])
})

/** A ConfigMap that holds a configuration beside something else. */
const configMap = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: envoy }\ndata:\n  other: '5'\n  envoy.yaml: |\n${text.replaceAll(/^(?=.)/gm, '    ')}`

test('a configuration in a ConfigMap is judged, at its place in the manifest', async () => {
  expect(await judge({ 'map.yaml': configMap(EXAMPLE) })).toMatchObject({
    role: 'plugin',
    lines: [],
  })
  const file = configMap(edited('sni: api.moesif.net', 'sni: other'))
  const line = file.split('\n').findIndex((one) => one.includes('sni: other')) + 1
  expect((await judge({ 'map.yaml': file })).lines).toEqual([
    expect.stringMatching(`^map\\.yaml:${line}:20: error: sni is other`),
  ])
})

/** The clusters of a configuration, as a file in which Envoy discovers them. */
function clustersOf(text: string): string {
  const { static_resources: resources } = parse(text) as {
    static_resources: { clusters: object[] }
  }
  const type = { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster' }
  return yaml({ resources: resources.clusters.map((cluster) => Object.assign({}, type, cluster)) })
}

function withBytes(text: string): string {
  const options = /value: \|\n([^}]*\})\n/.exec(text)?.[1] ?? ''
  return edited(
    /value: \|\n[^}]*\}\n/,
    `value: ${Buffer.from(options).toString('base64')}\n`,
    edited('google.protobuf.StringValue', 'google.protobuf.BytesValue', text),
  )
}

function typedStruct(type: string, text = EXAMPLE): string {
  const bootstrap = parse(text.replace('fail_open: off', 'fail_open: false')) as never as {
    static_resources: {
      listeners: {
        filter_chains: {
          filters: { typed_config: { http_filters: { typed_config: unknown }[] } }[]
        }[]
      }[]
    }
  }
  const [filter] =
    bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config
      .http_filters ?? []
  const { '@type': wasm, ...value } = filter!.typed_config as { '@type': string }
  filter!.typed_config = { '@type': `type.googleapis.com/${type}`, type_url: wasm, value }
  return yaml(bootstrap)
}

function combined(text: string): string {
  const bootstrap = parse(text) as {
    static_resources: {
      clusters: {
        transport_socket: { typed_config: { common_tls_context: Record<string, unknown> } }
      }[]
    }
  }
  const context =
    bootstrap.static_resources.clusters[1]!.transport_socket.typed_config.common_tls_context
  const { validation_context: validation } = context as {
    validation_context: { trusted_ca?: object }
  }
  delete validation.trusted_ca
  delete context['validation_context']
  context['combined_validation_context'] = {
    validation_context_sds_secret_config: { name: 'authority' },
    default_validation_context: validation,
  }
  return yaml(bootstrap)
}
