import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { startEcho } from '#sandbox/echo/echo.ts'
import type { EnvoyJson } from '#sandbox/envoy/options.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { adoptEnvoy } from '#sandbox/own-envoy/adopt-envoy.ts'
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
