import { generateKeyPairSync, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { EXAMPLES } from '#sandbox/istio/cases.ts'
import { httpCall } from '#specs/support/http-call.ts'
import { Page } from '#specs/support/page.ts'
import { parse } from 'yaml'
import {
  GATEWAY,
  INBOUND,
  IstioScene,
  OUTBOUND,
  withApplicationId,
  withConfiguration,
} from './istio-scene.ts'

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

  const events = await application.awaitEvents({ count: 3, exactly: true, timeout: 60_000 })
  expect(events.map((event) => [event.userId, event.direction, event.verdict]).toSorted()).toEqual([
    ['user-1', direction, 'good'],
    ['user-2', direction, 'good'],
    ['user-3', direction, 'good'],
  ])
  expect(scene.moesif.front.handshakes.at(-1)).toEqual({ serverName: 'api.moesif.net' })
})

test('governance and sampling work in what Istio generates: refused, marked, and recorded in the event', async () => {
  const { envoy, application } = await scene.startProxy(GATEWAY, {
    extensions: (all, applicationId) =>
      withConfiguration(withApplicationId(all, applicationId), (text) =>
        JSON.stringify({ ...(JSON.parse(text) as object), enable_governance: true }),
      ),
  })
  await using _ = envoy
  const quota = {
    _id: 'quota',
    type: 'user',
    block: true,
    variables: [{ name: 'plan' }],
    response: { status: 429, headers: { 'x-plan': '{{plan}}' }, body: { error: 'over {{plan}}' } },
  } as const
  const warn = { _id: 'warn', type: 'regex', response: { headers: { 'x-warn': 'soon' } } } as const
  await application.rules.put([quota, warn])
  await application.config.addToCohort({ user: 'ada' }, 'quota', { plan: 'Free' })
  const call = (user: string) =>
    httpCall(`${envoy.url}/echo`, { ...HOST, 'X-User-Example-Header': user })

  await expect.poll(async () => (await call('ada')).status).toBe(429)

  const refused = await call('ada')
  expect(JSON.parse(refused.body)).toEqual({ error: 'over Free' })
  expect(refused.headers).toMatchObject({ 'x-plan': 'Free', 'x-warn': 'soon' })
  expect(await call('bob')).toMatchObject({ status: 200, headers: { 'x-warn': 'soon' } })
  const [event] = await application.awaitEvents({ where: 'blocked_by:quota', timeout: 60_000 })
  expect(event).toMatchObject({ userId: 'ada', status: 429, verdict: 'good' })
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

    await application.awaitEvents({ count: 1, exactly: true, timeout: 60_000 })
  },
)

test('RequestAuthentication: what it verified identifies user and company', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'k' }] }
  const page = await Page.read('docs/identity.md')
  const sources = JSON.parse(page.block('jwt-authn')) as object
  const { envoy, application } = await scene.startProxy(
    { ...GATEWAY, name: 'request-authentication' },
    {
      jwks,
      extensions: (extensions, id) =>
        withConfiguration(withApplicationId(extensions, id), (text) =>
          JSON.stringify({ ...(JSON.parse(text) as object), ...sources }),
        ),
    },
  )
  await using _ = envoy
  const call = (token?: string) =>
    httpCall(`${envoy.url}/echo`, {
      ...HOST,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    })
  const claims = { iss: 'https://issuer.example.com', sub: 'u1', org: { id: 'c1' } }
  const text = [{ alg: 'ES256', kid: 'k' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  const signature = sign('sha256', Buffer.from(text), key).toString('base64url')

  const verified = await call(`${text}.${signature}`)
  const forged = await call(`${text}.${signature.replace(/^../, 'AA')}`)
  const nobody = await call()

  expect([verified.status, forged.status, nobody.status]).toEqual([200, 401, 200])
  const events = await application.awaitEvents({ count: 3, exactly: true, timeout: 60_000 })
  expect(
    events.map(({ status, userId, companyId }) => [status, userId, companyId]).toSorted(),
  ).toEqual([
    [200, null, null],
    [200, 'u1', 'c1'],
    [401, null, null],
  ])
  expect(parse(page.block('istio-request-authentication'))).toEqual(
    parse(await readFile(new URL('request-authentication.yaml', EXAMPLES), 'utf8')),
  )
})

test('mock-moesif.yaml: calls of the gateway come to the mock in the cluster', async () => {
  await using mock = await startMockMoesif({ host: inject('envoyRuntime').bindHost })
  const { envoy, applicationId } = await scene.startProxy(
    { name: 'mock-moesif', proxy: 'gateway', listener: '0.0.0.0_8080' },
    { collectorPort: mock.port },
  )
  await using _ = envoy

  await httpCall(`${envoy.url}/echo`, HOST)

  const application = mock.application(applicationId)
  await application.awaitEvents({ count: 1, exactly: true, timeout: 60_000 })
  const [request] = await application.requests()
  expect(request?.headers['host']).toContain('mock-moesif.mock-moesif.svc.cluster.local')
})
