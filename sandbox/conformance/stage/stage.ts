import { randomUUID } from 'node:crypto'
import type { ListenerOptions } from '../../envoy/listener.ts'
import type { StartEnvoyOptions } from '../../envoy/options.ts'
import type { PluginOptions } from '../../envoy/plugin-filter.ts'
import type { StartedEnvoy } from '../../envoy/started-envoy.ts'
import type { Evidence } from '../sentence.ts'
import { Unobserved } from '../unobserved.ts'
import { Connections } from './connections.ts'
import { evidenceOfAll, evidenceOfOne } from './log-evidence.ts'
import type { Setting } from './setting.ts'
import { StageListener } from './stage-listener.ts'

/** One listener with a filter of its own. */
export interface StageListenerOptions {
  /** Added to the application id, a short `batch_max_wait` and a long `connection_timeout`; a text is taken as it is. */
  options?: Record<string, unknown> | string
  /** Other fields of the filter. */
  filter?: Partial<PluginOptions>
  listener?: Partial<ListenerOptions>
}

export type StageListeners = Readonly<Record<string, StageListenerOptions>>

/** Options of a scene for its Envoy. */
export type EnvoyOfStage = Partial<Omit<StartEnvoyOptions, 'runtime'>>

/** Short, so that a scene is over soon. */
const BATCH_MAX_WAIT_MS = 200
/** A busy machine may let the collector wait; what is sent again for that is no fault of the filter. */
const CONNECTION_TIMEOUT_MS = 20_000

/** An Envoy with the filter under test, with listeners, each of another application. */
export class Stage implements AsyncDisposable {
  readonly envoy: StartedEnvoy
  readonly listeners: ReadonlyMap<string, StageListener>
  readonly #connections: Connections
  readonly #wasm: string
  /** By listener. */
  readonly #vmIds: ReadonlyMap<string, string>

  private constructor(
    envoy: StartedEnvoy,
    listeners: ReadonlyMap<string, StageListener>,
    connections: Connections,
    wasm: string,
    vmIds: ReadonlyMap<string, string>,
  ) {
    this.envoy = envoy
    this.listeners = listeners
    this.#connections = connections
    this.#wasm = wasm
    this.#vmIds = vmIds
  }

  /**
   * @param prepare called with each application id before Envoy starts: documents, faults
   * @throws Unobserved when Envoy does not start, with what was logged
   */
  static async start(
    setting: Setting,
    scene: string,
    listeners: StageListeners,
    envoyOptions: EnvoyOfStage = {},
    prepare: (name: string, applicationId: string) => Promise<void> = async () => {},
  ): Promise<Stage> {
    const ids = new Map(Object.keys(listeners).map((name) => [name, `${name}-${randomUUID()}`]))
    for (const [name, id] of ids) {
      setting.applicationIds.add(id)
      await prepare(name, id)
    }
    const log: string[] = []
    const starting = setting.envoys.start({
      runtime: setting.runtime,
      upstream: setting.upstream.url,
      collector: setting.mock.collectorUrl,
      listeners: Object.entries(listeners).map(([name, listener]) =>
        listenerOf(name, listener, ids.get(name)!, setting.wasm),
      ),
      ...envoyOptions,
      onLog: (line) => {
        setting.log.push({ scene, line })
        log.push(line)
      },
    })
    const envoy = await starting.catch((error: unknown) => {
      throw new Unobserved((error as Error).message, evidenceOfAll(log))
    })
    setting.envoyVersion = envoy.version
    const connections = new Connections()
    const opened = Array.from(ids, ([name, id]) => {
      const listener = new StageListener(name, envoy.listener(name), setting.mock.application(id), {
        connections,
        upstream: setting.upstream,
        eventTimeout: setting.eventTimeout,
      })
      return [name, listener] as const
    })
    const vmIds = Object.entries(listeners)
      .filter(([, { listener }]) => listener?.plugin !== null)
      .map(([name, { filter }]) => [name, filter?.vmId ?? vmOf(name)] as const)
    return new Stage(envoy, new Map(opened), connections, setting.wasm, new Map(vmIds))
  }

  /** What has been logged about the filter of a listener. */
  logged(name: string): Evidence {
    const vmId = this.#vmIds.get(name) ?? ''
    return evidenceOfOne(this.envoy.logs(), vmId, [...this.#vmIds.values()])
  }

  listener(name: string): StageListener {
    const listener = this.listeners.get(name)
    if (!listener) throw new Error(`There is no listener "${name}"`)
    return listener
  }

  /**
   * Replaces listeners of the running Envoy, which has to be `updatable`; all of them are named.
   *
   * @throws Error when Envoy refuses one
   */
  async update(listeners: StageListeners): Promise<void> {
    await this.envoy.updateListener({
      listeners: Object.entries(listeners).map(([name, listener]) =>
        listenerOf(name, listener, this.listener(name).application.id, this.#wasm),
      ),
    })
    // The old listener serves connections that it has: what is sent from now on is for the new one.
    this.#connections[Symbol.dispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connections[Symbol.dispose]()
    await this.envoy[Symbol.asyncDispose]()
  }
}

/** Of a listener: it stands in each line that its filter logs. */
const vmOf = (listener: string): string => `vm-${listener}`

/** Each has a VM of its own: what one exchange does to a filter must not touch those of other listeners. */
function listenerOf(
  name: string,
  { options = {}, filter, listener }: StageListenerOptions,
  applicationId: string,
  wasm: string,
): ListenerOptions {
  const document =
    typeof options === 'string'
      ? options
      : {
          moesif_application_id: applicationId,
          batch_max_wait: BATCH_MAX_WAIT_MS,
          connection_timeout: CONNECTION_TIMEOUT_MS,
          ...options,
        }
  return {
    name,
    plugin: { file: wasm, vmId: vmOf(name), options: document, ...filter },
    ...listener,
  }
}
