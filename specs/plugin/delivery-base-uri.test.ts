import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

async function firstCall(options: Record<string, unknown>) {
  const scene = await DeliveryScene.open({ batch_max_size: 1, ...options })
  scene.request(1)
  return scene.calls[0]!
}

test('posts to the batch endpoint of Moesif by default', async () => {
  const { cluster, headers, timeoutMs } = await firstCall({})

  expect(cluster).toBe('moesif_api')
  expect(timeoutMs).toBe(5000)
  expect(headers).toEqual({
    ':method': 'POST',
    ':path': '/v1/events/batch',
    ':authority': 'api.moesif.net',
    'content-type': 'application/json',
    'x-moesif-application-id': 'spec-application-id-0042',
    'user-agent': `moesif-envoy-wasm-plugin/${packageJson.version}`,
  })
})

const forms: [string, string, string][] = [
  ['https://api.moesif.net', 'api.moesif.net', '/v1/events/batch'],
  ['http://api.moesif.net/', 'api.moesif.net', '/v1/events/batch'],
  ['api.moesif.net', 'api.moesif.net', '/v1/events/batch'],
  ['HTTPS://proxy.local:8443', 'proxy.local:8443', '/v1/events/batch'],
  ['https://proxy.local/collector', 'proxy.local', '/collector/v1/events/batch'],
  ['https://proxy.local/a/b//', 'proxy.local', '/a/b/v1/events/batch'],
  ['proxy.local:9500/collector', 'proxy.local:9500', '/collector/v1/events/batch'],
  ['http://localhost:9500/collector/v1', 'localhost:9500', '/collector/v1/events/batch'],
  ['https://api.moesif.net/v1/', 'api.moesif.net', '/v1/events/batch'],
  ['http://[::1]:9500/x', '[::1]:9500', '/x/v1/events/batch'],
  ['https://name:secret@proxy.local/x', 'proxy.local', '/x/v1/events/batch'],
  ['https://proxy.local/x?y=/z#w', 'proxy.local', '/x/v1/events/batch'],
]

for (const [baseUri, authority, path] of forms) {
  test(`understands base_uri "${baseUri}"`, async () => {
    const { headers } = await firstCall({ base_uri: baseUri })

    expect([headers[':authority'], headers[':path']]).toEqual([authority, path])
  })
}

test('calls the cluster named by upstream', async () => {
  expect((await firstCall({ upstream: 'outbound|443||api.moesif.net' })).cluster).toBe(
    'outbound|443||api.moesif.net',
  )
})
