import { expect, test } from 'vitest'
import { ISTIO_CASES, type IstioCaseName } from '#sandbox/istio/cases.ts'
import { manifestHashes, readFixture, type IstioProxy } from '#sandbox/istio/fixture.ts'

test.each(ISTIO_CASES)('the fixture of $name is what its manifests became', async (one) => {
  const fixture = await readFixture(one.name)

  expect(fixture.manifests, 'A manifest has changed: run `npm run istio:generate`').toEqual(
    await manifestHashes(one),
  )
})

test.each(ISTIO_CASES)("Istio's admission has nothing to say about $name", async ({ name }) => {
  expect((await readFixture(name)).validation).toEqual([])
})

test.each([
  ['gateway', { gateway: ['0.0.0.0_8080'], echo: [] }],
  ['mock-moesif', { gateway: ['0.0.0.0_8080'] }],
  ['sidecar-inbound', { gateway: [], echo: ['virtualInbound'] }],
  ['sidecar-outbound', { gateway: [], echo: ['0.0.0.0_80'] }],
] satisfies [IstioCaseName, Record<string, string[]>][])(
  'the filter of %s is on one side of one proxy, so that no call is logged twice',
  async (name, expected) => {
    const { proxies } = await readFixture(name)

    const listeners = Object.entries(proxies).map(([proxy, { attachments }]) => [
      proxy,
      [...new Set(Object.values(attachments).flat().map(listenerOf))],
    ])

    expect(Object.fromEntries(listeners)).toEqual(expected)
  },
)

test.each([
  ['gateway', 'gateway', 'outbound|443||api.moesif.net'],
  ['sidecar-inbound', 'echo', 'outbound|443||api.moesif.net'],
  ['sidecar-outbound', 'echo', 'outbound|443||api.moesif.net'],
  ['mock-moesif', 'gateway', 'outbound|9000||mock-moesif.mock-moesif.svc.cluster.local'],
] satisfies [IstioCaseName, string, string][])(
  'the option upstream of %s names a cluster that its %s has',
  async (name, proxy, cluster) => {
    const { proxies } = await readFixture(name)
    const { clusters, extensions } = proxies[proxy] as IstioProxy

    expect(clusters.map((one) => one['name'])).toContain(cluster)
    expect(JSON.stringify(extensions)).toContain(`\\"upstream\\":\\"${cluster}\\"`)
  },
)

test("the gateway's TLS to Moesif is not imposed on the applications of the mesh", async () => {
  const { proxies } = await readFixture('gateway')

  const names = proxies['echo']?.clusters.map(({ name }) => String(name)) ?? []

  expect(names).not.toEqual([])
  expect(names.filter((name) => name.includes('moesif'))).toEqual([])
})

test('a failed download lets traffic through without the filter', async () => {
  const { proxies } = await readFixture('gateway')

  const [extension] = proxies['gateway']?.extensionsAfterFailedDownload ?? []

  expect(extension).toMatchObject({
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
      rules_stat_prefix: 'wasm-default-allow',
    },
  })
})

const listenerOf = (place: string): string => place.split('/')[0] ?? ''
