import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import type { ListenerOptions } from '#sandbox/envoy/listener.ts'
import type { EnvoyOptions } from '#sandbox/envoy/options.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

/** One listener of the Envoy under test: its plugin options (with an application id of its own) and what else it needs. */
export interface GatewayListenerOptions {
  /** Options document; `moesif_application_id` is filled in when it is an object without one. */
  plugin?: Record<string, unknown> | string
  listener?: Partial<ListenerOptions>
}

/** One listener: where to send requests, and the events of its application only. */
export interface GatewayListener {
  url: string
  applicationId: string
  application: ReturnType<StartedMockMoesif['application']>
}

export interface GatewayOptions<Name extends string> {
  listeners: Record<Name, GatewayListenerOptions>
  envoy?: Partial<EnvoyOptions>
}

/** Envoy, an echo upstream and a mock Moesif, wired: one Envoy, a listener for each case. */
export class Gateway<Name extends string> implements AsyncDisposable {
  readonly envoy: StartedEnvoy
  readonly mock: StartedMockMoesif
  readonly echo: Echo
  readonly #applicationIds: Record<Name, string>

  private constructor(
    envoy: StartedEnvoy,
    mock: StartedMockMoesif,
    echo: Echo,
    applicationIds: Record<Name, string>,
  ) {
    this.envoy = envoy
    this.mock = mock
    this.echo = echo
    this.#applicationIds = applicationIds
  }

  static async start<Name extends string>({
    listeners,
    envoy: envoyOptions,
  }: GatewayOptions<Name>): Promise<Gateway<Name>> {
    const runtime = inject('envoyRuntime')
    await using started = new AsyncDisposableStack()
    const mock = started.use(await startMockMoesif({ host: runtime.bindHost }))
    const echo = started.use(await startEcho({ host: runtime.bindHost }))
    const names = Object.keys(listeners) as Name[]
    const applicationIds = Object.fromEntries(
      names.map((name) => [name, `${name}-${randomUUID()}`]),
    ) as Record<Name, string>
    const envoy = await startWatchedEnvoy({
      runtime,
      mocks: [mock],
      upstream: echo.url,
      collector: mock.url,
      listeners: names.map((name) => listenerOf(name, listeners[name], applicationIds[name])),
      ...envoyOptions,
    })
    started.move()
    return new Gateway(envoy, mock, echo, applicationIds)
  }

  listener(name: Name): GatewayListener {
    const applicationId = this.#applicationIds[name]
    return {
      url: this.envoy.listener(name),
      applicationId,
      application: this.mock.application(applicationId),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using parts = new AsyncDisposableStack()
    parts.use(this.mock)
    parts.use(this.echo)
    parts.use(this.envoy)
  }
}

const listenerOf = (
  name: string,
  listener: GatewayListenerOptions,
  id: string,
): ListenerOptions => ({
  name,
  plugin: { options: withApplicationId(listener.plugin ?? {}, id) },
  ...listener.listener,
})

const withApplicationId = (options: Record<string, unknown> | string, id: string) =>
  typeof options === 'string' ? options : { moesif_application_id: id, ...options }
