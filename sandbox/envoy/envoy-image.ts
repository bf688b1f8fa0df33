import { text } from 'node:stream/consumers'
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers'
import { listenersOf } from './bootstrap.ts'
import { publishedAddress } from './published-address.ts'
import { EnvoyReadiness } from './readiness.ts'
import { envoyArguments } from './envoy-arguments.ts'
import { ENVOY_FILES_PLACEHOLDER, type EnvoyOptions } from './options.ts'
import { containerLabels } from './reaper.ts'

/** Where a container has its configuration, files and plugins. */
export const DIRECTORY = '/etc/envoy'
export const ADMIN_PORT = 9901
export const FIRST_LISTENER_PORT = 10_000

/** A container of Envoy's image, as testcontainers starts it. */
export class EnvoyImage extends GenericContainer {
  #id: string | undefined

  /** @param host the name under which the container is to find this machine */
  constructor(image: string, host: string) {
    super(image)
    this.withExtraHosts([{ host, ipAddress: 'host-gateway' }])
    this.withLabels(containerLabels())
    // @note the image has no shell, which waiting for a listening port would need.
    this.withWaitStrategy(
      new EnvoyReadiness(ADMIN_PORT, async () => (await publishedAddress()).host),
    )
  }

  /** @note Docker publishes on every interface by default, and testcontainers has no option for it. */
  protected override beforeContainerCreated = async (): Promise<void> => {
    const { hostIp } = await publishedAddress()
    const published = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostPort: string }[]>
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(published).map(([port, bindings]) => [
        port,
        bindings.map(({ HostPort }) => ({ HostIp: hostIp, HostPort })),
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
    const files = { ...options.files, 'envoy.json': json }
    return this.withExposedPorts(exposed(ADMIN_PORT, options.adminPort), ...listeners)
      .withCommand(envoyArguments(options, `${DIRECTORY}/envoy.json`))
      .withCopyContentToContainer(
        Object.entries(files).map(([name, content]) => ({
          content:
            typeof content === 'string'
              ? content.replaceAll(ENVOY_FILES_PLACEHOLDER, DIRECTORY)
              : Buffer.from(content),
          target: `${DIRECTORY}/${name}`,
          mode: 0o644,
        })),
      )
  }

  /**
   * Removes what a failed start left behind, which testcontainers does not.
   *
   * @returns its log: testcontainers reads none of an Envoy that has ended before its ports were looked at
   */
  async removeLeftover(): Promise<string> {
    if (!this.#id) return ''
    const { container: client } = await getContainerRuntimeClient()
    const leftover = client.getById(this.#id)
    // @note the log of a container that has not run yet would be followed for ever.
    const hasRun = (await leftover.inspect()).State.Status !== 'created'
    await leftover.kill().catch(() => {})
    const logged = hasRun ? await text(await client.logs(leftover)) : ''
    await leftover.remove({ force: true, v: true })
    return logged
  }
}

/** A container as the engine's own client has it, as far as it is needed here. */
interface EngineContainer {
  wait(): Promise<{ StatusCode: number }>
  kill(options?: { signal: string }): Promise<unknown>
}

export const engineContainer = async (id: string): Promise<EngineContainer> =>
  (await getContainerRuntimeClient()).container.getById(id)

const exposed = (container: number, host: number | undefined) =>
  host ? { container, host } : container
