import { ConditionNotMet, until } from '../until.ts'
import { EnvoyAdmin } from './admin.ts'
import { buildListeners, listenersOf } from './bootstrap.ts'
import type { Placement } from './placement.ts'
import type { EnvoyLog } from './envoy-log.ts'
import type { ListenerDiscovery } from './listener-discovery.ts'
import type { EnvoyOptions } from './options.ts'
import type { Runtime } from './runtime.ts'

/** What a runtime provides once Envoy is ready. */
export interface RunningEnvoy {
  runtime: Runtime
  options: EnvoyOptions
  placement: Placement
  adminUrl: string
  version: string
  log: EnvoyLog
  /** Port on this machine by listener name. */
  listenerPorts: Record<string, number>
  discovery: ListenerDiscovery | undefined
  /** Resolves when Envoy has ended for any reason, with its exit code (null: killed). */
  exited: Promise<number | null>
  /** Makes the .wasm files of these options available to Envoy, before `placement.wasmPath` is asked for them. */
  provide: (options: EnvoyOptions) => Promise<void>
  /** Ends Envoy, frees what belongs to it and answers its exit code (null: killed). */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

export interface StopSummary {
  /** The plugin's metrics just before Envoy ended. */
  metrics: Record<string, number>
  /** Whether the plugin had delivered everything. */
  flushed: boolean
  exitCode: number | null
}

/** A ready Envoy. `await using` ends it. */
export class StartedEnvoy implements AsyncDisposable {
  readonly admin: EnvoyAdmin
  readonly #envoy: RunningEnvoy
  #options: EnvoyOptions
  #ended: Promise<number | null> | undefined

  constructor(envoy: RunningEnvoy) {
    this.#envoy = envoy
    this.#options = envoy.options
    this.admin = new EnvoyAdmin(envoy.adminUrl)
  }

  /** The first listener, `http://127.0.0.1:port`. */
  get url(): string {
    return this.listener(Object.keys(this.#envoy.listenerPorts)[0] ?? 'gateway')
  }

  get adminUrl(): string {
    return this.#envoy.adminUrl
  }

  get runtime(): Runtime {
    return this.#envoy.runtime
  }

  get version(): string {
    return this.#envoy.version
  }

  /** `http://127.0.0.1:port` of a listener, `https` with TLS (or the Docker engine's address when that is another machine). */
  listener(name: string): string {
    const port = this.#envoy.listenerPorts[name]
    if (port === undefined) {
      const names = Object.keys(this.#envoy.listenerPorts).join(', ')
      throw new Error(`No listener "${name}": there are ${names}`)
    }
    const { tls, transportSocket } =
      listenersOf(this.#options).find((one) => one.name === name) ?? {}
    const scheme = (tls ?? transportSocket !== undefined) ? 'https' : 'http'
    return `${scheme}://${new URL(this.adminUrl).hostname}:${port}`
  }

  /** Envoy's counters and gauges whose name matches; all by default. */
  async stats(filter?: RegExp): Promise<Record<string, number>> {
    return await this.admin.stats(filter)
  }

  /** The plugin's own metrics, e.g. `moesif_events_sent_total`. */
  async metrics(): Promise<Record<string, number>> {
    return await this.admin.pluginMetrics()
  }

  /** Resolves when Envoy has ended for any reason, with its exit code (null: killed). */
  get exited(): Promise<number | null> {
    return this.#envoy.exited
  }

  /** The last errors that Envoy logged, or else its last lines. */
  logTail(): string {
    return this.#envoy.log.tail()
  }

  /** All lines logged so far. */
  logs(): string[] {
    return [...this.#envoy.log.lines]
  }

  /** The plugin's own lines among them. */
  pluginLogs(): string[] {
    return this.logs().filter((line) => line.includes('wasm log'))
  }

  /**
   * Waits for a line of the log, and resolves with it.
   * @param options `timeoutMs`; `from`: index of the first line that counts
   */
  async waitForLog(
    pattern: string | RegExp,
    options?: { timeoutMs?: number; from?: number },
  ): Promise<string> {
    return await this.#envoy.log.waitFor(pattern, options)
  }

  /**
   * Waits until the plugin's metrics meet the condition, and resolves with them.
   * @throws Error after `timeoutMs`: the message has the condition and the last metrics
   */
  async waitForMetrics(
    met: (metrics: Record<string, number>) => boolean,
    timeoutMs = 60_000,
  ): Promise<Record<string, number>> {
    let metrics: Record<string, number> = {}
    await until(async () => met((metrics = await this.metrics())), {
      what: () => `Not met: ${met}. Metrics: ${JSON.stringify(metrics)}`,
      timeoutMs,
      everyMs: 25,
    })
    return metrics
  }

  /**
   * Replaces options (plugin, listeners, routes …) in the running Envoy. Only listeners can change, and Envoy must have
   * been started with `updatable: true`. Throws when Envoy refuses the new listener; the old one then serves on.
   */
  async updateListener(change: Pick<EnvoyOptions, 'listeners' | 'plugin'>): Promise<void> {
    const { discovery, log } = this.#envoy
    if (!discovery) throw new Error('This Envoy was not started with `updatable: true`')
    const options = { ...this.#options, ...change }
    await this.#envoy.provide(options)
    const before = await this.#listenerStats()
    const from = log.lines.length
    if (!(await discovery.publish(buildListeners(options, this.#envoy.placement)))) {
      const reason = log.lines.slice(from).findLast((line) => line.includes('rejected'))
      throw new Error(`Envoy refused the listener: ${reason ?? log.tail()}`)
    }
    this.#options = options
    await this.#workersRun(before)
  }

  /** No new connections; resolves when the requests under way are answered. */
  async drain(timeoutMs = 5_000): Promise<void> {
    await this.admin.post('/drain_listeners?inboundonly=false')
    await until(async () => (await this.#listenerRequests('active')) === 0, {
      what: 'Requests are still under way',
      timeoutMs,
    }).catch(allowing(ConditionNotMet))
  }

  /** Drains, waits until the plugin has delivered what it holds (bounded), then ends Envoy. */
  async stop({ flushTimeoutMs = 5_000 } = {}): Promise<StopSummary> {
    await this.drain()
    await this.#allCounted()
    const metrics = await this.waitForMetrics(nothingPending, flushTimeoutMs).catch(() => undefined)
    const last = metrics ?? (await this.metrics())
    return {
      metrics: last,
      flushed: metrics !== undefined,
      exitCode: await this.end('SIGTERM'),
    }
  }

  /**
   * The plugin updates its metrics once a tick, up to 100 ms late: until then "nothing pending" may only mean "not
   * counted yet". Requests without an event (capturing is off, the codec refused them) make this wait run to its bound.
   */
  async #allCounted(): Promise<void> {
    const requests = await this.requests()
    await this.waitForMetrics(
      ({
        moesif_events_captured_total: captured = requests,
        moesif_exchanges_skipped_total: skipped = 0,
      }) => captured + skipped >= requests,
      COUNTED_WITHIN_MS,
    ).catch(() => {})
  }

  /** How many requests its listeners have received. */
  async requests(): Promise<number> {
    return await this.#listenerRequests('total')
  }

  /** Over all listeners, without the admin interface's own requests. */
  async #listenerRequests(which: 'active' | 'total'): Promise<number> {
    const stats = await this.stats(new RegExp(`^http\\..*\\.downstream_rq_${which}$`))
    return Object.entries(stats)
      .filter(([name]) => !name.startsWith('http.admin.'))
      .reduce((sum, [, count]) => sum + count, 0)
  }

  /** Ends Envoy at once, as an operator's SIGTERM or (`SIGKILL`) a crash would. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.#ended ??= this.#end(signal)
    return await this.#ended
  }

  /** Ends Envoy with SIGKILL, as a crash would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM')
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const exitCode = await this.#envoy.end(signal)
    await this.#envoy.discovery?.[Symbol.asyncDispose]()
    return exitCode
  }

  async #listenerStats(): Promise<{ modified: number; created: number; warming: number }> {
    const stats = await this.stats(/^listener_manager\./)
    return {
      modified:
        (stats['listener_manager.listener_modified'] ?? 0) +
        (stats['listener_manager.listener_added'] ?? 0),
      created: stats['listener_manager.listener_create_success'] ?? 0,
      warming: stats['listener_manager.total_listeners_warming'] ?? 0,
    }
  }

  /** @note an accepted listener reaches the workers a little later: each counts one `listener_create_success`. */
  async #workersRun(before: { modified: number; created: number }): Promise<void> {
    const workers = this.#options.concurrency ?? 1
    await until(
      async () => {
        const now = await this.#listenerStats()
        const expected = before.created + (now.modified - before.modified) * workers
        return now.warming === 0 && now.created >= expected
      },
      {
        what: () => `The new listener did not reach all workers. ${this.#envoy.log.tail()}`,
        everyMs: 10,
      },
    )
  }
}

/** For the `catch` of a wait whose timeout does not matter. */
const allowing =
  (expected: typeof ConditionNotMet) =>
  (error: unknown): void => {
    if (!(error instanceof expected)) throw error
  }

/** Ten ticks. */
const COUNTED_WITHIN_MS = 1_000

const nothingPending = (metrics: Record<string, number>): boolean =>
  (metrics['moesif_events_pending'] ?? 0) === 0
