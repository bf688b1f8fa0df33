import { expect, inject, test } from 'vitest'
import { envoyFile } from '#sandbox/envoy/options.ts'
import { ENVOY } from '#sandbox/validate/yaml/dialect.ts'
import { readYaml } from '#sandbox/validate/yaml/read-yaml.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

interface Scalars {
  list: unknown[]
  given: unknown
}

interface Metadata {
  filter_metadata: { scalars: Scalars }
}

const SCALARS = [
  'y Y n yes Yes YES yEs no on On OFF oFf true True tRue FALSE',
  `"yes" '1' ~ null Null NULL nil ""`,
  '0 7 -7 +7 010 08 0x1F 0o17 0b11 1_000 2147483647 2147483648 -2147483648 -2147483649 3000000000',
  '1.5 .5 5. 1e3 1.5e-3 -0.5 1:30 2026-11-26 1.2.3 .inf .nan text 0x =',
].flatMap((line) => line.split(' '))

const FILE = `
resources:
  - '@type': type.googleapis.com/envoy.config.cluster.v3.Cluster
    name: scalars
    connectTimeout: 1s
    metadata:
      filter_metadata:
        scalars:
          list:
${SCALARS.map((scalar) => `            - ${scalar}`).join('\n')}
          given: 1
          given: 2
---
resources: []
`

/** Each scalar with what it was read as. */
const pairs = (list: unknown[]) => SCALARS.map((scalar, index) => [scalar, list[index]])

test('plain scalars are to `validate` what they are to Envoy', async () => {
  await using envoy = await startWatchedEnvoy({
    runtime: inject('envoyRuntime'),
    upstream: 'http://127.0.0.1:1',
    plugin: null,
    files: { 'clusters.yaml': FILE },
    bootstrap: (generated) => ({
      ...generated,
      dynamic_resources: {
        cds_config: { path_config_source: { path: envoyFile('clusters.yaml') } },
      },
    }),
  })

  const { documents } = readYaml('clusters.yaml', FILE, ENVOY)

  const metadata = ['metadata', 'filter_metadata', 'scalars']
  const own = documents[0]?.get(['resources', 0, ...metadata]) as Scalars
  const dump = (await envoy.admin.configDump()) as {
    configs: { dynamic_active_clusters?: { cluster: { metadata: Metadata } }[] }[]
  }
  const [found] = dump.configs.flatMap((config) => config.dynamic_active_clusters ?? [])
  const theirs = found?.cluster.metadata.filter_metadata.scalars
  expect(pairs(own.list)).toEqual(pairs(theirs?.list ?? []))
  expect(own.given).toBe(theirs?.given)
})
