import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { startEcho } from '#sandbox/echo/echo.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { adoptEnvoy } from '#sandbox/own-envoy/adopt-envoy.ts'
import { toYaml } from '#sandbox/envoy/bootstrap.ts'
import { Sandbox } from '#sandbox/sandbox.ts'
import * as shapes from './own-envoy-shapes.ts'

const runtime = inject('envoyRuntime')
const directory = await mkdtemp(join(tmpdir(), 'own-envoy-'))

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** A collector that nothing may reach: it counts who connects. */
async function foreignCollector() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  }).listen(0, runtime.bindHost)
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    [Symbol.dispose]: () => void server.close(),
  }
}

async function startOwn(path: string): Promise<Sandbox> {
  const { options, envoy } = await adoptEnvoy(path, BUILT_PLUGIN)
  return await Sandbox.start({ runtime, pluginOptions: options[0]!.text, envoy })
}

test('whichever filter it comes from, an event goes to the mock and nowhere else', async () => {
  using foreign = await foreignCollector()
  await using echo = await startEcho({ host: runtime.bindHost })
  const lds = await file(
    'lds.json',
    shapes.response(
      'envoy.config.listener.v3.Listener',
      openListener('from-file', 0, chain([filter(moesif('of-lds'))])),
    ),
  )
  const cds = await file(
    'cds.json',
    shapes.response(
      'envoy.config.cluster.v3.Cluster',
      cluster('of-cds', foreign.port),
      cluster('first', foreign.port),
    ),
  )
  const ecds = await file(
    'ecds.json',
    shapes.response('envoy.config.core.v3.TypedExtensionConfig', {
      name: 'discovered',
      typed_config: moesif('of-ecds'),
    }),
  )
  const named = ['first', 'second', 'of-ecds', 'fallback', 'composite', 'of-lds']
  const path = await file('all.json', {
    node: { id: 'n', cluster: 'on' },
    admin: { address: { socket_address: { address: '0.0.0.0', port_value: 9901 } } },
    dynamic_resources: {
      lds_config: { path_config_source: { path: lds } },
      cds_config: { path_config_source: { path: cds } },
    },
    static_resources: {
      listeners: [
        {
          ...openListener(
            'several',
            0,
            chain([
              filter(moesif('first')),
              filter(moesif('second')),
              filter(shapes.bytesTo('bytes')),
              shapes.discovered(ecds, moesif('fallback')),
            ]),
          ),
          additional_addresses: [
            { address: { socket_address: { address: '0.0.0.0', port_value: 0 } } },
          ],
        },
        openListener(
          'wrapped',
          0,
          chain([shapes.composite(moesif('composite')), filter(moesif('of-cds'))], {
            moesif: shapes.optional(moesif('per-route')),
          }),
        ),
        shapes.internalListener(chain([filter(moesif('internal'))])),
        {
          name: 'pipe',
          address: { pipe: { path: '@moesif-own-envoy' } },
          filter_chains: [chain([filter(moesif('pipe'))])],
        },
      ],
      clusters: [
        {
          ...cluster('api', echo.port, moesif('upstream')),
          load_assignment: cluster('api', echo.port)['load_assignment'],
        },
        ...[...named, 'bytes', 'per-route', 'internal', 'pipe', 'upstream'].map((name) =>
          cluster(name, foreign.port),
        ),
      ],
    },
    bootstrap_extensions: [shapes.internalListeners],
  })
  await using sandbox = await startOwn(path)

  for (const name of ['several', 'wrapped', 'from-file']) {
    await (await fetch(`${sandbox.envoy.listener(name)}/x`)).text()
  }

  const arrived = ['first', 'second', 'bytes', 'of-ecds', 'composite', 'of-cds', 'of-lds']
  for (const id of arrived) {
    expect(await sandbox.mock.application(id).awaitEvents({ count: 1 })).toHaveLength(1)
  }
  await sandbox.mock.application('upstream').awaitEvents({ count: 3 })
  expect(foreign.connections()).toBe(0)
})

const { moesif, filter, chain, cluster, openListener } = shapes

const configuration = (change: EnvoyJson = {}, filters = [filter(moesif('collector'))]) => ({
  static_resources: {
    listeners: [openListener('own', 0, chain(filters))],
    clusters: [cluster('api', 1), cluster('collector', 1)],
  },
  ...change,
})

const server = { resource_api_version: 'V3', ads: {} }

test.each([
  ['listeners', configuration({ dynamic_resources: { lds_config: server } })],
  ['clusters', configuration({ dynamic_resources: { cds_config: server } })],
  ['clusters', configuration({ dynamic_resources: { cds_resources_locator: 'xdstp://a/b' } })],
  [
    'a filter',
    configuration({}, [
      filter(moesif('collector')),
      { name: 'x', config_discovery: { config_source: server, type_urls: [] } },
    ]),
  ],
  ['anything', configuration({ config_sources: [{ api_config_source: { api_type: 'GRPC' } }] })],
])('a configuration that gets %s from a server is refused, with the place', async (_, content) => {
  const path = await file('server.json', JSON.stringify(content, null, 2))

  await expect(adoptEnvoy(path, BUILT_PLUGIN)).rejects.toThrow(
    /^--envoy \S+server\.json:\d+: this comes from a server, which might name any collector\. /,
  )
})

test('endpoints and secrets may come from a server', async () => {
  const discovered = { name: 'else', type: 'EDS', eds_cluster_config: { eds_config: server } }
  const path = await file(
    'endpoints.json',
    configuration({
      static_resources: {
        ...configuration().static_resources,
        clusters: [cluster('api', 1), discovered],
      },
    }),
  )

  expect(await adoptEnvoy(path, BUILT_PLUGIN)).toMatchObject({
    envoy: { listeners: [{ name: 'own', port: 0 }] },
  })
})

test('options that Envoy would not hand over as text are refused', async () => {
  const path = await file('struct.json', configuration({}, [filter(shapes.structTo('collector'))]))

  await expect(adoptEnvoy(path, BUILT_PLUGIN)).rejects.toThrow(
    /struct\.json:1: the Moesif filter gets no options: its configuration must be a google.protobuf.StringValue/,
  )
})

test('an Envoy whose Moesif filter would send elsewhere after all is stopped', async () => {
  const path = await file('elsewhere.json', configuration())
  const { options, envoy } = await adoptEnvoy(path, BUILT_PLUGIN)
  const leaky = (...made: Parameters<NonNullable<typeof envoy.bootstrap>>) => {
    const bootstrap = envoy.bootstrap!(...made)
    const { clusters } = bootstrap['static_resources'] as { clusters: EnvoyJson[] }
    Object.assign(clusters.at(-1)!, cluster('collector', 9))
    return bootstrap
  }

  await expect(
    Sandbox.start({
      runtime,
      pluginOptions: options[0]!.text,
      envoy: { ...envoy, bootstrap: leaky },
    }),
  ).rejects.toThrow(
    'a Moesif filter sends to the cluster "collector", which leads to 127.0.0.1:9, not to the mock',
  )
})

/** As a user writes it: short, and with words that YAML 1.1 takes for booleans where they are not quoted. */
const dialectYaml = (upstreamPort: number, routed = 'api'): string => `
node: { id: "n", cluster: "off" }
staticResources:
  listeners:
  - name: "on"
    address: { socketAddress: { address: "::", portValue: 0, ipv4Compat: yes } }
    filterChains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typedConfig:
          '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          statPrefix: own
          generateRequestId: off
          routeConfig:
            requestHeadersToAdd: [{ header: { key: x-text, value: "on" } }]
            virtualHosts: [{ name: all, domains: ['*'], routes: [{ match: { prefix: / }, route: { cluster: ${routed} } }] }]
          httpFilters:
          - name: moesif
            typedConfig:
              '@type': type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
              config:
                failOpen: yes
                configuration:
                  '@type': type.googleapis.com/google.protobuf.StringValue
                  value: '{ "moesif_application_id": "dialect", "upstream": "off", "batch_max_wait": 100 }'
                vmConfig: { runtime: envoy.wasm.runtime.v8, code: { local: { filename: plugin.wasm } } }
          - name: envoy.filters.http.router
            typedConfig: { '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - &api
    name: api
    type: STATIC
    loadAssignment: &hosts
      clusterName: api
      endpoints: [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: ${runtime.bindHost}, portValue: ${upstreamPort} } } } }] }]
  - { name: "off", type: STATIC, loadAssignment: *hosts }
`

test('a file is read as Envoy reads it: camelCase, aliases, and what YAML 1.1 takes for booleans', async () => {
  await using echo = await startEcho({ host: runtime.bindHost })
  await using sandbox = await startOwn(await file('dialect.yaml', dialectYaml(echo.port)))

  const answer = await (await fetch(`${sandbox.envoy.listener('on')}/headers-of`)).json()

  expect(answer).toMatchObject({ headers: { 'x-text': 'on' } })
  expect((answer as { headers: object }).headers).not.toHaveProperty('x-request-id')
  await sandbox.mock.application('dialect').awaitEvents({ count: 1 })
})

test('what Envoy refuses is reported in its own words', async () => {
  const path = await file('refused.yaml', dialectYaml(1, 'nope'))

  await expect(startOwn(path)).rejects.toThrow(
    /^Envoy refuses its configuration: route: unknown cluster 'nope'$/,
  )
})

test('a configuration for people quotes what YAML 1.1 would take for something else', () => {
  expect(toYaml({ id: 'n', value: 'on', number: '1_0', real: true })).toBe(
    'id: "n"\nvalue: "on"\nnumber: "1_0"\nreal: true\n',
  )
})

test('a refusal is reported without the configuration behind it', async () => {
  const unknown = { name: 'x', typed_config: { '@type': 'type.googleapis.com/no.such.Type' } }
  const path = await file('unknown.json', configuration({}, [unknown, filter(moesif('collector'))]))

  await expect(startOwn(path)).rejects.toThrow(
    /^Envoy refuses its configuration: Unable to parse JSON as proto \(INVALID_ARGUMENT: could not find @type 'type.googleapis.com\/no.such.Type'\)$/,
  )
})

test('files that a configuration names are there, in a container, too', async () => {
  const body = await file('body.txt', 'from a file of this machine')
  const own = configuration()
  const text = JSON.stringify(own).replace(
    '"route":{"cluster":"api"}',
    JSON.stringify({ direct_response: { status: 200, body: { filename: body } } }).slice(1, -1),
  )
  expect(text).toContain('direct_response')
  await using sandbox = await startOwn(await file('names-a-file.json', text))

  const response = await fetch(sandbox.envoy.url)

  expect(await response.text()).toBe('from a file of this machine')
  await sandbox.mock.application('collector').awaitEvents({ count: 1 })
})
