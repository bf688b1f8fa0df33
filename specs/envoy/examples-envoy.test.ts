import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import {
  AUTHORITY_FILE,
  differences,
  placeEnvoyExample,
  readEnvoyExample,
} from '#specs/support/envoy-example.ts'
import { MoesifOverTls } from '#specs/support/moesif-over-tls.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

const runtime = inject('envoyRuntime')
const example = await readEnvoyExample()
let echo: Echo
let moesif: MoesifOverTls

beforeAll(async () => {
  echo = await startEcho({ host: runtime.bindHost })
  moesif = await MoesifOverTls.start(runtime.bindHost)
})

afterAll(async () => {
  await moesif?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
})

test('examples/envoy/envoy.yaml sends what passes through it to api.moesif.net, over TLS', async () => {
  moesif.front.present(moesif.certificates.right)
  const applicationId = randomUUID()
  await using envoy = await startExample(applicationId)

  const response = await fetch(`${envoy.url}/echo`, {
    headers: {
      'X-User-Example-Header': 'user-1',
      'X-Company-Example-Header': 'company-1',
      authorization: 'Bearer secret',
    },
  })

  expect(await response.text()).toContain('Hello from echo service')
  const application = moesif.mock.application(applicationId)
  const [captured] = await application.awaitEvents({ timeout: 60_000 })
  expect(captured).toMatchObject({
    userId: 'user-1',
    companyId: 'company-1',
    direction: 'Incoming',
    status: 200,
    verdict: 'good',
  })
  expect(JSON.stringify(captured)).not.toContain('secret')
  // A later connection may resume the session of the first, and then names no server.
  expect(moesif.front.handshakes).toContainEqual({ serverName: 'api.moesif.net' })
  const [request] = await application.requests()
  expect(request?.headers['host']).toBe('api.moesif.net')
})

test.each([
  ['of another name', 'fail_verify_san'],
  ['of an unknown authority', 'fail_verify_error'],
] as const)(
  'with a certificate %s no byte is sent, users are served, and events wait for the right one',
  async (wrong, statistic) => {
    moesif.front.present(moesif.certificates[wrong])
    const from = moesif.front.handshakes.length
    const applicationId = randomUUID()
    await using envoy = await startExample(applicationId)

    const response = await fetch(`${envoy.url}/echo`)

    expect(response.status).toBe(200)
    await moesif.front.handshake(refused, { from })
    await envoy.waitForMetrics((metrics) => metrics['moesif_events_pending'] === 1)
    const application = moesif.mock.application(applicationId)
    expect(await application.requests()).toEqual([])
    const name = `cluster.moesif_api.ssl.${statistic}`
    expect((await envoy.stats())[name]).toBeGreaterThan(0)

    moesif.front.present(moesif.certificates.right)

    await application.awaitEvents({ count: 1, exactly: true, timeout: 60_000 })
  },
)

test('nothing but addresses, ports, files and the application id was altered for that', async () => {
  let placed: EnvoyJson | undefined
  await using envoy = await startExample(
    'application-to-place',
    (bootstrap) => (placed = bootstrap),
  )

  expect(envoy.url).toContain('http')
  const listener = '/static_resources/listeners/0'
  const filter = `${listener}/filter_chains/0/filters/0/typed_config/http_filters/0/typed_config/config`
  const clusters = '/static_resources/clusters'
  const endpoint = '/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address'
  const validation =
    '/transport_socket/typed_config/common_tls_context/validation_context/trusted_ca/filename'
  const allowed = new Set(
    [
      ['/admin/address/socket_address', `${listener}/address/socket_address`].flatMap(address),
      [`${filter}/vm_config/code/local/filename`, `${filter}/configuration/value`],
      [0, 1].flatMap((index) => address(`${clusters}/${index}${endpoint}`)),
      [`${clusters}/1${validation}`],
    ].flat(),
  )
  expect(differences(example, placed).filter((path) => !allowed.has(path))).toEqual([])
  expect(differences(example, placed)).toContain(`${clusters}/1${validation}`)
})

const refused = ({ error }: { error?: string }): boolean => error !== undefined

const address = (path: string): string[] => [`${path}/address`, `${path}/port_value`]

async function startExample(
  applicationId: string,
  onPlaced?: (bootstrap: EnvoyJson) => void,
): Promise<StartedEnvoy> {
  return await startWatchedEnvoy({
    runtime,
    mocks: [moesif.mock],
    upstream: echo.url,
    plugin: { options: {} },
    listeners: [{ name: 'ingress' }],
    files: { [AUTHORITY_FILE]: moesif.authority.certificate },
    bootstrap: (sandbox) => {
      const placed = placeEnvoyExample(example, sandbox, {
        applicationId,
        upstreamPort: echo.port,
        collectorPort: moesif.front.port,
      })
      onPlaced?.(placed)
      return placed
    },
  })
}
