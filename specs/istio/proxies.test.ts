import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { httpCall } from '#specs/support/http-call.ts'
import { GATEWAY, INBOUND, IstioScene, OUTBOUND } from './istio-scene.ts'

/** A host that every route of the fixtures knows. */
const HOST = { host: 'echo.default.svc.cluster.local' }

let scene: IstioScene

beforeAll(async () => {
  scene = await IstioScene.start()
})

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
})

test.each([
  { ...GATEWAY, direction: 'Incoming' },
  { ...INBOUND, direction: 'Incoming' },
  { ...OUTBOUND, direction: 'Outgoing' },
])('$name: each call is one event, $direction, sent over TLS', async ({ direction, ...place }) => {
  const { envoy, application } = await scene.startProxy(place)
  await using _ = envoy

  for (const user of ['user-1', 'user-2', 'user-3']) {
    const { status, body } = await httpCall(`${envoy.url}/echo`, {
      ...HOST,
      'X-User-Example-Header': user,
    })
    expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining('Hello') })
  }

  const events = await application.awaitEvents({ count: 3, exactly: true, timeout: 20_000 })
  expect(events.map((event) => [event.userId, event.direction, event.verdict]).toSorted()).toEqual([
    ['user-1', direction, 'good'],
    ['user-2', direction, 'good'],
    ['user-3', direction, 'good'],
  ])
  expect(scene.moesif.front.handshakes.at(-1)).toEqual({ serverName: 'api.moesif.net' })
})

test.each(['of another name', 'of an unknown authority'] as const)(
  'with a certificate %s users are served, and events wait for the right one',
  async (wrong) => {
    const { front, certificates } = scene.moesif
    const from = front.handshakes.length
    front.present(certificates[wrong])
    const { envoy, application } = await scene.startProxy(GATEWAY)
    await using _ = envoy

    const { status } = await httpCall(`${envoy.url}/echo`, HOST)

    expect(status).toBe(200)
    await front.handshake(({ error }) => error !== undefined, { from })
    await envoy.waitForMetrics((metrics) => metrics['moesif_events_pending'] === 1)
    expect(await application.requests()).toEqual([])

    front.present(certificates.right)

    await application.awaitEvents({ count: 1, exactly: true, timeout: 40_000 })
  },
)

test('mock-moesif.yaml: calls of the gateway come to the mock in the cluster', async () => {
  await using mock = await startMockMoesif({ host: inject('envoyRuntime').bindHost })
  const { envoy, applicationId } = await scene.startProxy(
    { name: 'mock-moesif', proxy: 'gateway', listener: '0.0.0.0_8080' },
    { collectorPort: mock.port },
  )
  await using _ = envoy

  await httpCall(`${envoy.url}/echo`, HOST)

  const application = mock.application(applicationId)
  await application.awaitEvents({ count: 1, exactly: true, timeout: 20_000 })
  const [request] = await application.requests()
  expect(request?.headers['host']).toContain('mock-moesif.mock-moesif.svc.cluster.local')
})
