import { ENVOY_VERSION, envoyImage } from '../images/pins.ts'
import { findEnvoy } from '../images/find-envoy.ts'

export type RuntimeName = 'process' | 'container' | 'auto'

interface Reachability {
  /** How Envoy reaches servers of this machine. */
  hostAddress: string
  /** Where a server of this machine must listen for Envoy to reach it, and nothing beyond this machine. */
  bindHost: string
}

export interface ProcessRuntime extends Reachability {
  name: 'process'
  binary: string
  /** Where the binary was found, for the panel. */
  source: string
}

export interface ContainerRuntime extends Reachability {
  name: 'container'
  image: string
}

/** The name under which a container finds this machine. */
const CONTAINER_HOST = 'host.docker.internal'

/** @param bindHost see `bridgeAddress` */
export const containerRuntimeOf = (image: string, bindHost: string): ContainerRuntime => ({
  name: 'container',
  image,
  hostAddress: CONTAINER_HOST,
  bindHost,
})

export type Runtime = ProcessRuntime | ContainerRuntime

export interface RuntimeSearch {
  /** Called with a line about what takes time: a download, an image being built. */
  onProgress?: (step: string) => void
  /** What `auto` tries first. The sandbox prefers a process, specs a container. */
  prefer?: 'process' | 'container'
}

/** Decides how Envoy will run on this machine, downloading it when that is what it takes. */
export async function resolveRuntime(
  name: RuntimeName = runtimeFromEnvironment(),
  search: RuntimeSearch = {},
): Promise<Runtime> {
  const version = process.env['ENVOY_VERSION'] ?? ENVOY_VERSION
  const order =
    name === 'auto'
      ? search.prefer === 'container'
        ? (['container', 'process'] as const)
        : (['process', 'container'] as const)
      : [name]
  const failures: string[] = []
  for (const candidate of order) {
    try {
      return candidate === 'process'
        ? await processRuntime(version, search)
        : await containerRuntime(version, search)
    } catch (error) {
      failures.push((error as Error).message)
    }
  }
  throw new Error(
    `No Envoy ${version} to be found.\n${failures.map((failure) => `  - ${failure}`).join('\n')}`,
  )
}

/** Whether a Docker engine answers. */
export async function dockerAnswers(): Promise<boolean> {
  // Loaded on demand here and below: it takes longer than starting Envoy as a process.
  const { getContainerRuntimeClient } = await import('testcontainers')
  return await getContainerRuntimeClient().then(
    () => true,
    () => false,
  )
}

function runtimeFromEnvironment(): RuntimeName {
  const name = process.env['ENVOY_RUNTIME'] ?? 'auto'
  if (name === 'process' || name === 'container' || name === 'auto') return name
  throw new Error(`ENVOY_RUNTIME=${name}: expected process, container or auto`)
}

async function processRuntime(version: string, search: RuntimeSearch): Promise<ProcessRuntime> {
  const { binary, source } = await findEnvoy(version, search.onProgress)
  return { name: 'process', binary, source, hostAddress: '127.0.0.1', bindHost: '127.0.0.1' }
}

async function containerRuntime(version: string, search: RuntimeSearch): Promise<ContainerRuntime> {
  if (!(await dockerAnswers())) {
    throw new Error('container: no Docker engine answers. Start one, or set DOCKER_HOST.')
  }
  const { availableImage } = await import('../images/available-image.ts')
  const { bridgeAddress } = await import('./bridge-address.ts')
  const image = await availableImage(envoyImage(version), search.onProgress)
  return containerRuntimeOf(image, await bridgeAddress())
}
