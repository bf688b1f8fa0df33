import {
  GenericContainer,
  getContainerRuntimeClient,
  Wait,
  type StartedTestContainer,
} from 'testcontainers'
import { EnvoyAdmin } from './admin.ts'
import { buildBootstrap, buildListeners, listenersOf, type Placement } from './bootstrap.ts'
import { envoyArguments } from './envoy-arguments.ts'
import { EnvoyLog } from './envoy-log.ts'
import { ListenerDiscovery } from './listener-discovery.ts'
import { ENVOY_FILES_PLACEHOLDER, type EnvoyOptions, type StartEnvoyOptions } from './options.ts'
import { disableReaperWithoutImage, RUN_LABEL, runId } from './reaper.ts'
import { PluginFiles } from './plugin-files.ts'
import type { ContainerRuntime } from './runtime.ts'
import { StartedEnvoy } from './started-envoy.ts'

const DIRECTORY = '/etc/envoy'
const ADMIN_PORT = 9901
const LOOPBACK = '127.0.0.1'
const FIRST_LISTENER_PORT = 10_000
/** The name under which a container finds this machine. */
const CONTAINER_HOST = 'host.docker.internal'

/** Envoy in a container: configuration, files and plugin are copied in, so a remote Docker engine will do. */
export class EnvoyContainer extends GenericContainer {
  #id: string | undefined

  constructor(image: string) {
    super(image)
    this.withExtraHosts([{ host: CONTAINER_HOST, ipAddress: 'host-gateway' }])
    this.withLabels({ [RUN_LABEL]: runId() })
    // @note the image has no shell, which waiting for a listening port would need.
    this.withWaitStrategy(Wait.forHttp('/ready', ADMIN_PORT, { abortOnContainerExit: true }))
  }

  /** @note Docker publishes on every interface unless told otherwise, and testcontainers has no option for it. */
  protected override beforeContainerCreated = async (): Promise<void> => {
    const published = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostPort: string }[]>
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(published).map(([port, bindings]) => [
        port,
        bindings.map(({ HostPort }) => ({ HostIp: LOOPBACK, HostPort })),
      ]),
    )
  }

  /** Known once the container exists, also when it does not become ready. */
  protected override containerCreated = async (id: string): Promise<void> => {
    this.#id = id
  }

  withConfiguration(options: EnvoyOptions, json: string): this {
    const listeners = listenersOf(options).map(({ port }, index) =>
      exposed(FIRST_LISTENER_PORT + index, port),
    )
    return this.withExposedPorts(exposed(ADMIN_PORT, options.adminPort), ...listeners)
      .withCommand(envoyArguments(options, `${DIRECTORY}/envoy.json`))
      .withCopyContentToContainer([
        {
          content: json.replaceAll(ENVOY_FILES_PLACEHOLDER, DIRECTORY),
          target: `${DIRECTORY}/envoy.json`,
          mode: 0o644,
        },
        ...Object.entries(options.files ?? {}).map(([name, content]) => ({
          content:
            typeof content === 'string'
              ? content.replaceAll(ENVOY_FILES_PLACEHOLDER, DIRECTORY)
              : Buffer.from(content),
          target: `${DIRECTORY}/${name}`,
          mode: 0o644,
        })),
      ])
  }

  /** Removes what a failed start left behind, which testcontainers does not. */
  async removeLeftover(): Promise<void> {
    if (this.#id) await (await dockerContainer(this.#id)).remove({ force: true, v: true })
  }
}

const dockerContainer = async (id: string) =>
  (await getContainerRuntimeClient()).container.dockerode.getContainer(id)

const exposed = (container: number, host: number | undefined) =>
  host ? { container, host } : container

/** Runs Envoy in a container of the runtime's image. */
export async function startEnvoyContainer(
  options: StartEnvoyOptions,
  runtime: ContainerRuntime,
): Promise<StartedEnvoy> {
  await disableReaperWithoutImage()
  const plugins = new PluginFiles(DIRECTORY)
  const placement: Placement = {
    hostAddress: CONTAINER_HOST,
    admin: { address: '0.0.0.0', port: ADMIN_PORT },
    listener: (_, index) => ({ address: '0.0.0.0', port: FIRST_LISTENER_PORT + index }),
    wasmPath: (plugin) => plugins.path(plugin),
  }
  const pluginContents = async (changed: EnvoyOptions) =>
    (await plugins.read(changed)).map(({ path, wasm }) => ({
      content: wasm,
      target: path,
      mode: 0o644,
    }))
  const files = await pluginContents(options)
  const log = new EnvoyLog()
  if (options.onLog) log.onLine(options.onLog)
  let discovery: ListenerDiscovery | undefined
  if (options.updatable) {
    discovery = await ListenerDiscovery.start(buildListeners(options, placement), runtime.bindHost)
    placement.discoveryPort = discovery.port
  }
  const json = JSON.stringify(buildBootstrap(options, placement))
  const definition = new EnvoyContainer(runtime.image)
    .withConfiguration(options, json)
    .withCopyContentToContainer(files)
    .withStartupTimeout(options.startTimeoutMs ?? 30_000)
    .withLogConsumer((stream) => stream.on('data', (chunk: Buffer) => log.write(chunk)))
  let container: StartedTestContainer
  try {
    container = await definition.start()
  } catch (error) {
    await definition.removeLeftover().catch(() => {})
    await discovery?.[Symbol.asyncDispose]()
    throw new Error(`Envoy did not start in a container of ${runtime.image}. ${log.tail()}`, {
      cause: error,
    })
  }

  // @note published on IPv4; `localhost` may be IPv6 first.
  const host = container.getHost().replace(/^localhost$/, LOOPBACK)
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
    provide: async (changed) =>
      await container.copyContentToContainer(await pluginContents(changed)),
    end: async (signal) => await endContainer(container, signal),
  })
}

async function endContainer(
  started: StartedTestContainer,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<number | null> {
  const container = await dockerContainer(started.getId())
  const exited = container.wait() as Promise<{ StatusCode: number }>
  const lastResort = setTimeout(() => void container.kill().catch(() => {}), 10_000)
  await container.kill({ signal }).catch(() => {})
  const { StatusCode } = await exited
  clearTimeout(lastResort)
  await started.stop({ remove: true })
  return signal === 'SIGTERM' ? StatusCode : null
}
