import { finished } from 'node:stream/promises'
import type { StartedTestContainer } from 'testcontainers'
import { ENVOY_VERSION, envoyImage } from '../images/pins.ts'
import { EnvoyAdmin } from './admin.ts'
import { buildBootstrap, buildListeners, listenersOf } from './bootstrap.ts'
import type { Placement } from './placement.ts'
import { bridgeAddress } from './bridge-address.ts'
import {
  ADMIN_PORT,
  DIRECTORY,
  engineContainer,
  EnvoyImage,
  FIRST_LISTENER_PORT,
} from './envoy-image.ts'
import { EnvoyLog } from './envoy-log.ts'
import { ListenerDiscovery } from './listener-discovery.ts'
import type { EnvoyOptions, StartEnvoyOptions } from './options.ts'
import { PartsOfStart } from './parts-of-start.ts'
import { PluginFiles } from './plugin-files.ts'
import { publishedAddress } from './published-address.ts'
import { disableReaperWithoutImage } from './reaper.ts'
import { containerRuntimeOf } from './runtime.ts'
import { StartedEnvoy } from './started-envoy.ts'

/**
 * Envoy in a container: configuration, files and plugin are copied in, ports are published where only
 * this machine and its containers reach them.
 *
 * @example
 * await using envoy = await new EnvoyContainer()
 *   .withOptions({ upstream: 'http://localhost:3000', plugin: { options } })
 *   .start()
 */
export class EnvoyContainer {
  readonly #image: string
  #options: StartEnvoyOptions = { upstream: { url: [] } }

  /** @param image default: Envoy's own, of the pinned version */
  constructor(image: string = envoyImage(ENVOY_VERSION)) {
    this.#image = image
  }

  withOptions(options: Omit<StartEnvoyOptions, 'runtime'>): this {
    this.#options = options
    return this
  }

  /** Resolves when Envoy serves. The container of a failed start is removed. */
  async start(): Promise<StartedEnvoy> {
    await disableReaperWithoutImage()
    const options = this.#options
    const runtime = containerRuntimeOf(this.#image, await bridgeAddress())
    const plugins = new PluginFiles(DIRECTORY)
    const placement: Placement = {
      hostAddress: runtime.hostAddress,
      admin: { address: '0.0.0.0', port: ADMIN_PORT },
      listener: (_, index) => ({ address: '0.0.0.0', port: FIRST_LISTENER_PORT + index }),
      wasmPath: (plugin) => plugins.path(plugin),
      ownFileSystem: true,
    }
    const pluginContents = await contentsOf(plugins, options)
    const log = new EnvoyLog()
    if (options.onLog) log.onLine(options.onLog)
    await using started = new PartsOfStart()
    let discovery: ListenerDiscovery | undefined
    if (options.updatable) {
      const listeners = buildListeners(options, placement)
      discovery = started.use(await ListenerDiscovery.start(listeners, runtime.bindHost))
      placement.discoveryPort = discovery.port
    }
    let logged = Promise.resolve()
    const image = new EnvoyImage(this.#image, runtime.hostAddress)
      .withConfiguration(options, JSON.stringify(buildBootstrap(options, placement)))
      .withCopyContentToContainer(pluginContents)
      .withStartupTimeout(options.startTimeoutMs ?? 30_000)
      .withLogConsumer((stream) => {
        stream.on('data', (chunk: Buffer) => log.write(chunk))
        logged = finished(stream)
      })
    const container = await image.start().catch(async (error: unknown) => {
      const left = await image.removeLeftover().catch(() => '')
      await logged.catch(() => {})
      if (log.lines.length === 0) log.write(left)
      const rejection = log.configurationError()
      if (rejection) throw new Error(`Envoy refuses its configuration: ${rejection}`)
      const why = (error as Error).message
      throw new Error(
        `Envoy did not start in a container of ${this.#image}: ${why}. ${log.tail()}`,
        { cause: error },
      )
    })
    started.complete()
    const { host } = await publishedAddress()
    const admin = new EnvoyAdmin(`http://${host}:${container.getMappedPort(ADMIN_PORT)}`)
    return new StartedEnvoy({
      runtime,
      options,
      placement,
      adminUrl: admin.url,
      version: await admin.version(),
      log,
      listenerPorts: Object.fromEntries(
        listenersOf(options).map(({ name }, index) => [
          name,
          container.getMappedPort(FIRST_LISTENER_PORT + index),
        ]),
      ),
      discovery,
      exited: exitOf(container),
      provide: async (changed) =>
        await container.copyContentToContainer(await contentsOf(plugins, changed)),
      end: async (signal) => await endContainer(container, signal),
    })
  }
}

const contentsOf = async (plugins: PluginFiles, options: EnvoyOptions) =>
  (await plugins.read(options)).map(({ path, wasm }) => ({
    content: wasm,
    target: path,
    mode: 0o644,
  }))

/** The exit code, however the container ended; null when it was removed from outside. */
async function exitOf(container: StartedTestContainer): Promise<number | null> {
  const running = await engineContainer(container.getId())
  const exit = await running.wait().catch(() => null)
  return exit?.StatusCode ?? null
}

async function endContainer(
  started: StartedTestContainer,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<number | null> {
  const container = await engineContainer(started.getId())
  const exited = exitOf(started)
  const lastResort = setTimeout(() => void container.kill().catch(() => {}), 10_000)
  await container.kill({ signal }).catch(() => {})
  const exitCode = await exited
  clearTimeout(lastResort)
  await started.stop({ remove: true }).catch(() => {})
  return signal === 'SIGTERM' ? exitCode : null
}
