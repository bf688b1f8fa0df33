import type { StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho } from './echo/echo.ts'
import type { EnvoyOptions } from './envoy/options.ts'
import { resolveRuntime, type Runtime } from './envoy/runtime.ts'
import { startMockMoesif } from './mock/start-mock-moesif.ts'
import { startEnvoy } from './envoy/start-envoy.ts'
import type { StartedEnvoy, StopSummary } from './envoy/started-envoy.ts'
import { requireEventsStayHere } from './own-envoy/require-events-stay-here.ts'
import { collectorClusterOf } from './validate/options/collector.ts'
import { BUILT_PLUGIN } from './envoy/plugin-filter.ts'
import { LogRelay } from './log-relay.ts'
import { isOnLoopback, startRelay } from './upstream-relay.ts'

export interface SandboxOptions {
  /** Default: resolved as `ENVOY_RUNTIME` says. */
  runtime?: Runtime
  /** The options document of the plugin, as an object or as text. */
  pluginOptions: Record<string, unknown> | string
  /** Default: what `npm run build` made. */
  pluginFile?: string
  /** Where requests go: a URL; `null` when the configuration in `envoy` says. Default: an echo service of its own. */
  upstream?: string | null
  port?: number
  mockPort?: number
  adminPort?: number
  /** More about Envoy: workers, listeners, filters … */
  envoy?: Partial<EnvoyOptions>
  onLog?: (line: string) => void
}

export interface SandboxSummary extends StopSummary {
  /** Requests Envoy saw. */
  requests: number
}

/** Envoy with the plugin, an upstream and a mock Moesif, wired. `await using` ends all of them. */
export class Sandbox implements AsyncDisposable {
  readonly envoy: StartedEnvoy
  readonly mock: StartedMockMoesif
  readonly #others: AsyncDisposable

  private constructor(envoy: StartedEnvoy, mock: StartedMockMoesif, others: AsyncDisposable) {
    this.envoy = envoy
    this.mock = mock
    this.#others = others
  }

  static async start(options: SandboxOptions): Promise<Sandbox> {
    const runtime = options.runtime ?? (await resolveRuntime())
    await using started = new AsyncDisposableStack()
    // Test API and page stay on loopback: a container gets the collector only.
    const mock = started.use(
      await startMockMoesif({ port: options.mockPort ?? 0, collectorHost: runtime.bindHost }),
    )
    const others = started.use(new AsyncDisposableStack())
    const { pluginFile = BUILT_PLUGIN, pluginOptions } = options
    const document = parsed(pluginOptions)
    const optionsText =
      typeof pluginOptions === 'string' ? pluginOptions : JSON.stringify(pluginOptions)
    const log = others.use(new LogRelay(mock))
    const envoy = started.use(
      await startEnvoy({
        upstream: await upstreamOf(options.upstream, runtime, others),
        collector: {
          name: await collectorClusterOf(optionsText, pluginFile),
          url: mock.collectorUrl,
        },
        plugin: { options: pluginOptions, file: pluginFile },
        listeners: [{ name: 'gateway', port: options.port ?? 0 }],
        adminPort: options.adminPort ?? 0,
        ...options.envoy,
        onLog: (line) => {
          log.add(line)
          options.onLog?.(line)
        },
        runtime,
      }),
    )
    await requireEventsStayHere(envoy, { collectorUrl: mock.collectorUrl, pluginFile })
    await describeGateway(mock, envoy, document)
    started.move()
    return new Sandbox(envoy, mock, others)
  }

  /** Drains, waits until pending events are delivered, and ends everything. */
  async stop(): Promise<SandboxSummary> {
    try {
      const requests = await this.envoy.requests()
      return { ...(await this.envoy.stop()), requests }
    } finally {
      await this[Symbol.asyncDispose]()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.envoy[Symbol.asyncDispose]()
    await this.#others[Symbol.asyncDispose]()
    await this.mock[Symbol.asyncDispose]()
  }
}

/** What the sandbox itself starts as the upstream, or so that Envoy reaches the given one, is added to `parts`. */
async function upstreamOf(
  url: string | null | undefined,
  runtime: Runtime,
  parts: AsyncDisposableStack,
): Promise<EnvoyOptions['upstream']> {
  if (url === null) return { url: [] }
  if (url === undefined) return parts.use(await startEcho({ host: runtime.bindHost })).url
  if (runtime.name === 'process' || !(await isOnLoopback(url))) return url
  return parts.use(await startRelay(url, runtime.bindHost)).upstream
}

/** The mock's dashboard shows the gateway beside the events. */
async function describeGateway(
  mock: StartedMockMoesif,
  envoy: StartedEnvoy,
  options: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(`${mock.url}/_mock/gateway`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      listenerUrl: envoy.url,
      adminUrl: envoy.adminUrl,
      options: withShortId(options),
      envoyVersion: envoy.version,
    }),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The mock answered ${response.status} to PUT /_mock/gateway`)
}

function withShortId(options: Record<string, unknown>): Record<string, unknown> {
  const id = options['moesif_application_id']
  if (typeof id !== 'string') return options
  return { ...options, moesif_application_id: `…${id.slice(-4)}` }
}

function parsed(options: SandboxOptions['pluginOptions']): Record<string, unknown> {
  return typeof options === 'string' ? (JSON.parse(options) as Record<string, unknown>) : options
}
