import { randomFillSync } from 'node:crypto'
import type { LogLevel } from './abi/constants.ts'
import { Clock } from './host/clock.ts'
import { Callouts } from './host/callouts.ts'
import { envoyForeignFunctions } from './host/foreign-functions.ts'
import type { HeaderValue } from './abi/header-map.ts'
import { toBytes } from './abi/header-map.ts'
import {
  failurePolicies,
  type FailurePolicy,
  type PluginSettings,
} from './contexts/plugin-settings.ts'
import type { Host } from './host/host.ts'
import { HostCallCounts } from './host/host-call-counts.ts'
import { loadModule, type LoadedModule } from './module/loaded-module.ts'
import { LogBook } from './host/log-book.ts'
import { Metrics } from './host/metrics.ts'
import { Plugin } from './plugin.ts'
import { requireCount, requireOneOf } from './host/option-checks.ts'
import { SharedStore } from './host/shared-store.ts'
import { Trace } from './host/trace.ts'
import { vmKeyOf, WorkerThread } from './worker-thread.ts'

export interface EmulatorOptions {
  /** Default 1. */
  workers?: number
  /** Also create the main thread's root context, which ticks and never gets a stream. Default false. */
  mainThread?: boolean
  /** Try each configuration in a temporary VM first, as Envoy does. Default false. */
  canary?: boolean
  /** Unix ms at which the clock starts. */
  now?: number
  /** The lowest level that `proxy_log` records. Default `info`. */
  logLevel?: LogLevel
  /** Fills a buffer with random bytes; pass a fixed source for the same jitter in each run. */
  random?: (bytes: Uint8Array) => void
  /** Record every callback with its host calls in `emulator.trace`. Default false. */
  trace?: boolean
}

export interface ConfigureOptions {
  /** A module from `emulator.addModule`; that of `Emulator.load` by default. */
  module?: LoadedModule
  rootId?: string
  vmId?: string
  pluginName?: string
  vmConfiguration?: HeaderValue
  /** `vm_config.environment_variables`. */
  environment?: Readonly<Record<string, string>>
  /** Properties outside of streams, by dotted path. */
  properties?: Readonly<Record<string, string>>
  /**
   * What becomes of streams once the filter has trapped on their thread. As in Envoy: by default (`FAIL_CLOSED`) they are answered
   * 503, open ones and new ones; `FAIL_OPEN` passes new ones by; `FAIL_RELOAD` makes a new VM for them after a second; the
   * deprecated `fail_open` lets all pass.
   */
  failurePolicy?: FailurePolicy
}

/**
 * An in-process Proxy-Wasm host that behaves as Envoy 1.40 was measured to. Its clock moves only by `advance`. Nothing happens
 * between two calls of it: no timer of Node's is used.
 *
 * @example
 * const emulator = await Emulator.load('filter.wasm')
 * emulator.configure({ header: 'x-user' })
 * const exchange = emulator.worker(0).exchange({ request: { path: '/hello' }, response: { status: 200, body: 'hi' } })
 * exchange.response?.headers.text('x-user')
 */
export class Emulator {
  readonly host: Host
  readonly #module: LoadedModule
  readonly #canary: WorkerThread | null
  readonly #main: WorkerThread | null
  readonly #workers: readonly WorkerThread[]
  readonly #loaded = new Map<string, Plugin>()
  #latest: Plugin | null = null
  /** For the message where nothing else is loaded. */
  #refused: Plugin | null = null

  /** @internal `Emulator.load` reads and checks the module first. */
  constructor(module: LoadedModule, options: EmulatorOptions = {}) {
    const { workers = 1, mainThread = false, canary = false, logLevel = 'info' } = options
    requireCount('The option workers', workers, 1)
    this.#module = module
    this.host = {
      clock: new Clock(options.now ?? Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
      callouts: new Callouts(),
      foreignFunctions: new Map(Object.entries(envoyForeignFunctions)),
      hostCalls: new HostCallCounts(),
      logs: new LogBook(logLevel),
      metrics: new Metrics(),
      shared: new SharedStore(),
      trace: new Trace(options.trace ?? false),
      traps: [],
      random: options.random ?? ((bytes) => void randomFillSync(bytes)),
    }
    const thread = (name: string, isCanary = false) =>
      new WorkerThread(name, this.host, () => this.#latestPlugin(), isCanary)
    this.#canary = canary ? thread('canary', true) : null
    this.#main = mainThread ? thread('main') : null
    this.#workers = Array.from({ length: workers }, (_, index) => thread(`worker ${index}`))
  }

  /** @param wasm a file's path or its bytes. Rejects when Envoy would not load it; the message names each import or export. */
  static async load<T extends Emulator>(
    this: new (module: LoadedModule, options: EmulatorOptions) => T,
    wasm: string | Uint8Array,
    options: EmulatorOptions = {},
  ): Promise<T> {
    return new this(await loadModule(wasm), options)
  }

  /** Loads another module for this host, for `configure(document, { module })`. */
  async addModule(wasm: string | Uint8Array): Promise<LoadedModule> {
    return await loadModule(wasm)
  }

  get clock(): Clock {
    return this.host.clock
  }

  /** The calls that filters made, and their scripted answers. */
  get callouts(): Callouts {
    return this.host.callouts
  }

  /** Foreign functions by name: delete one to test the plugin without it. */
  get foreignFunctions(): Host['foreignFunctions'] {
    return this.host.foreignFunctions
  }

  get hostCalls(): HostCallCounts {
    return this.host.hostCalls
  }

  get logs(): LogBook {
    return this.host.logs
  }

  get metrics(): Metrics {
    return this.host.metrics
  }

  /** Every callback with its host calls, where the option `trace` is on. */
  get trace(): Trace {
    return this.host.trace
  }

  /** VMs that crashed, oldest first. */
  get traps(): Host['traps'] {
    return this.host.traps
  }

  /** Pages (64 KiB) of the largest linear memory. */
  get memoryPages(): number {
    return Math.max(...this.#threads().map((thread) => thread.memoryPages))
  }

  worker(index: number): WorkerThread {
    const worker = this.#workers[index]
    if (!worker) throw new Error(`No worker ${index}: the emulator has ${this.#workers.length}.`)
    return worker
  }

  /**
   * Loads the plugin with a configuration on every thread, beside those loaded already. For an equal configuration under equal
   * names it returns the loaded plugin. To update one: configure the new one, then `remove()` the old one.
   *
   * @param document an object is passed as JSON, text and bytes as they are
   */
  configure(document: object | string | Uint8Array, options: ConfigureOptions = {}): Plugin {
    const isText = typeof document === 'string' || document instanceof Uint8Array
    const settings: PluginSettings = {
      module: options.module ?? this.#module,
      pluginName: options.pluginName ?? 'plugin',
      rootId: options.rootId ?? '',
      vmId: options.vmId ?? '',
      configuration: toBytes(isText ? document : JSON.stringify(document)),
      vmConfiguration: toBytes(options.vmConfiguration ?? ''),
      environment: options.environment ?? {},
      properties: options.properties ?? {},
      failurePolicy: requireOneOf(
        'The option failurePolicy',
        options.failurePolicy ?? 'FAIL_CLOSED',
        failurePolicies,
      ),
    }
    const { pluginName, rootId, configuration } = settings
    const key = [vmKeyOf(settings), pluginName, rootId, configuration].map(String).join('\0')
    const known = this.#loaded.get(key)
    if (known) return known
    const logged = this.logs.entries.length
    const trial = this.#canary ? [this.#canary] : []
    const accepted = [...trial, ...this.#threads()].every((thread) => thread.load(key, settings))
    const threads = [...this.#workers, ...(this.#main ? [this.#main] : [])]
    const logs = this.logs.entries.slice(logged)
    const plugin = new Plugin(key, settings, accepted, logs, threads, () => this.#forget(key))
    if (accepted) {
      this.#loaded.set(key, plugin)
      this.#latest = plugin
    } else this.#refused = plugin
    return plugin
  }

  /** Advances the clock by `ms`: ticks and answers that become due meanwhile are delivered in order. 0 delivers what is due now. */
  advance(ms: number): void {
    this.clock.advance(ms)
  }

  /** As on SIGTERM: open streams are logged, then on_done of the roots, workers first. No answer is delivered afterwards. */
  shutDown(): void {
    for (const worker of this.#workers) worker.shutDown()
    this.#main?.shutDown()
    this.#loaded.clear()
    this.#latest = null
  }

  /** In Envoy's order of loading. */
  #threads(): WorkerThread[] {
    return [...(this.#main ? [this.#main] : []), ...this.#workers]
  }

  #latestPlugin(): Plugin {
    if (this.#latest) return this.#latest
    const refused = this.#refused
    if (!refused) throw new Error('No plugin is loaded: call emulator.configure(…) first.')
    throw new Error(`No plugin is loaded. The one configured last is not: ${refused.absence}`)
  }

  #forget(key: string): void {
    const plugin = this.#loaded.get(key)
    this.#loaded.delete(key)
    if (this.#latest === plugin) this.#latest = [...this.#loaded.values()].at(-1) ?? null
  }
}
