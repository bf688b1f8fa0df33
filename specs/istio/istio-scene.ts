import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { ApplicationClient } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import type { IstioCaseName } from '#sandbox/istio/cases.ts'
import { readFixture, type IstioProxy } from '#sandbox/istio/fixture.ts'
import type { IstioSecrets } from '#sandbox/istio/runnable-bootstrap.ts'
import { startIstioProxy } from '#sandbox/istio/start-istio-proxy.ts'
import { CertificateAuthority } from '#specs/support/certificates.ts'
import { MoesifOverTls } from '#specs/support/moesif-over-tls.ts'
import { watched } from '#specs/support/watched-envoy.ts'

/** A proxy of a set of manifests, and the listener requests are sent to. */
export interface Place {
  name: IstioCaseName
  proxy: string
  listener: string
}

export const GATEWAY: Place = { name: 'gateway', proxy: 'gateway', listener: '0.0.0.0_8080' }
export const INBOUND: Place = { name: 'sidecar-inbound', proxy: 'echo', listener: 'virtualInbound' }
export const OUTBOUND: Place = { name: 'sidecar-outbound', proxy: 'echo', listener: '0.0.0.0_80' }

interface StartOptions {
  /** Changes the extension configurations as Envoy gets them; default: an application id of its own. */
  extensions?: (extensions: EnvoyJson[], applicationId: string) => EnvoyJson[]
  collectorPort?: number
  /** The keys that tokens are verified with, in the place of the manifest's. */
  jwks?: unknown
}

/** An echo service, Moesif behind TLS, and what a mesh's agent would have in its hands. */
export class IstioScene implements AsyncDisposable {
  readonly moesif: MoesifOverTls
  readonly #echo: Echo
  readonly #secrets: IstioSecrets

  private constructor(moesif: MoesifOverTls, echo: Echo, secrets: IstioSecrets) {
    this.moesif = moesif
    this.#echo = echo
    this.#secrets = secrets
  }

  static async start(): Promise<IstioScene> {
    const { bindHost } = inject('envoyRuntime')
    const echo = await startEcho({ host: bindHost })
    const moesif = await MoesifOverTls.start(bindHost)
    const mesh = await CertificateAuthority.create('mesh')
    return new IstioScene(moesif, echo, {
      systemAuthority: moesif.authority.certificate,
      meshAuthority: mesh.certificate,
      workload: await mesh.issue('URI:spiffe://cluster.local/ns/default/sa/default'),
    })
  }

  /** Starts an Envoy on what Istio generated for a proxy. */
  async startProxy(
    { name, proxy, listener }: Place,
    { extensions = withApplicationId, collectorPort, jwks }: StartOptions = {},
  ): Promise<{ envoy: StartedEnvoy; application: ApplicationClient; applicationId: string }> {
    const generated = (await readFixture(name)).proxies[proxy]
    if (!generated) throw new Error(`The fixture ${name} has no proxy ${proxy}`)
    const applicationId = randomUUID()
    const configured = extensions(structuredClone(generated.extensionsAfterAgent), applicationId)
    const started = await startIstioProxy({
      runtime: inject('envoyRuntime'),
      proxy: jwks === undefined ? generated : withJwks(generated, jwks),
      listener,
      applicationPort: 5678,
      secrets: this.#secrets,
      extensions: configured,
      upstreamPort: this.#echo.port,
      collectorPort: collectorPort ?? this.moesif.front.port,
    })
    const envoy = watched(started, JSON.stringify(configured), { mocks: [this.moesif.mock] })
    return { envoy, applicationId, application: this.moesif.mock.application(applicationId) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.moesif[Symbol.asyncDispose]()
    await this.#echo[Symbol.asyncDispose]()
  }
}

const withJwks = (proxy: IstioProxy, jwks: unknown): IstioProxy =>
  JSON.parse(
    JSON.stringify(proxy, (key, value: unknown) =>
      key === 'local_jwks' ? { inline_string: JSON.stringify(jwks) } : value,
    ),
  ) as IstioProxy

/** The placeholder as Istio writes it, and the id that mock-moesif.yaml has. */
const APPLICATION_ID =
  /\\u003cYOUR MOESIF APPLICATION ID\\u003e|(?<="moesif_application_id":")trial/

export const withApplicationId = (extensions: EnvoyJson[], applicationId: string): EnvoyJson[] =>
  withConfiguration(extensions, (text) => text.replace(APPLICATION_ID, applicationId))

/** The extensions with another text for the plugin's configuration. */
export function withConfiguration(
  extensions: EnvoyJson[],
  change: (text: string) => string,
): EnvoyJson[] {
  for (const extension of extensions) {
    const { config } = extension['typed_config'] as {
      config: { configuration: { value: string } }
    }
    config.configuration.value = change(config.configuration.value)
  }
  return extensions
}
