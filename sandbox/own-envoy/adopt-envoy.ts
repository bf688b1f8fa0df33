import { UserError } from '../user-error.ts'
import type { Placement } from '../envoy/placement.ts'
import { envoyFile, type EnvoyOptions } from '../envoy/options.ts'
import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { findFilters } from '../validate/envoy/find-filters.ts'
import { collectorClusterOf } from '../validate/options/collector.ts'
import type { OptionsSource } from '../validate/options/options-source.ts'
import { configSources, readFrom } from './config-sources.ts'
import { bindListener, nameOf, takesTcp, tcpListeners, type OwnListener } from './listeners.ts'
import { loadFrom, moesifFilters } from './moesif-filters.ts'
import { listenersOf, readOwnFiles, type OwnFile } from './own-files.ts'
import { field, messages, setField } from './proto-json.ts'
import { readCopies, readReferencedFiles } from './referenced-files.ts'
import { moveUnixSockets } from './unix-sockets.ts'

/** An options document of the file, and how the file was given, for messages. */
type OwnOptions = OptionsSource & { origin: string }

export interface AdoptedEnvoy {
  /** The options documents found in it, one a filter. */
  options: OwnOptions[]
  /** Its TCP listeners, with the ports that they will have. */
  listeners: OwnListener[]
  /** Where it has its admin interface; undefined when it has none on a port. */
  adminPort: number | undefined
  envoy: Partial<EnvoyOptions>
}

/**
 * A user's own Envoy configuration, run as it is but for three things: the cluster of each Moesif filter leads to the mock
 * (without TLS), the .wasm is the sandbox's, and admin interface and listeners are on loopback, or on Unix sockets of the
 * sandbox's own, where it finds them. Files that Envoy would discover more in are adopted with it; a server can't be, and is refused. A container gets
 * copies of the other files that the configuration names.
 *
 * @param port of the first listener instead of its own; 0: any free one for each
 */
export async function adoptEnvoy(
  file: string,
  pluginFile: string,
  port?: number,
): Promise<AdoptedEnvoy> {
  const own = await readOwnFiles(file)
  const filters = own.flatMap(({ document }) => findFilters(document))
  const mute = filters.find(({ options }) => options === undefined)
  if (mute) {
    const { file: where, line } = mute.document.place(mute.path)
    throw new UserError(
      `--envoy ${where}:${line}: the Moesif filter gets no options: its configuration must be a google.protobuf.StringValue`,
    )
  }
  const options = filters.flatMap((filter) => filter.options ?? [])
  if (filters.length === 0) throw new UserError(`--envoy ${file}: no Moesif filter in it`)
  const listeners = withPort(port, tcpListeners(listenersOf(own.map(({ content }) => content))))
  if (listeners.length === 0) {
    throw new UserError(`--envoy ${file}: no listener in it takes TCP connections on a port`)
  }
  const clusters = options.map(({ text }) => collectorClusterOf(text, pluginFile))
  const collectors = [...new Set(await Promise.all(clusters))]
  const referenced = await readReferencedFiles(own.map(({ content }) => content))
  // Filled while the configuration is built, which is before the files are written.
  const files: Record<string, string | Uint8Array> = {}
  return {
    options: options.map((source) => Object.assign({ origin: '--envoy' }, source)),
    listeners,
    adminPort: adminPortOf(own[0]!.content),
    envoy: {
      listeners,
      files,
      bootstrap: (generated, placement) => {
        const wasm = placement.wasmPath({ file: pluginFile, options: null })
        const [bootstrap = {}, ...discovered] = own.map((one) => adopted(one, own, wasm))
        setField(bootstrap, 'admin', generated['admin'])
        if (field(bootstrap, 'node') === undefined) setField(bootstrap, 'node', generated['node'])
        leadToMock(collectors, bootstrap, generated)
        bindListeners([bootstrap, ...discovered], listeners, placement)
        if (placement.ownFileSystem) {
          for (const content of [bootstrap, ...discovered]) {
            for (const copy of readCopies(content, referenced)) files[copy.name] = copy.content
          }
        } else moveUnixSockets([bootstrap, ...discovered])
        discovered.forEach((content, index) => {
          files[own[index + 1]!.name] = JSON.stringify(content)
        })
        return bootstrap
      },
    },
  }
}

/** A file with its Moesif filters on the sandbox's .wasm, and its sources on the adopted files. */
function adopted({ content }: OwnFile, own: OwnFile[], wasm: string): EnvoyJson {
  const copy = structuredClone(content)
  for (const filter of moesifFilters(copy)) loadFrom(wasm, filter)
  for (const source of configSources(copy)) {
    const read = own.find(({ path }) => path === source.file)
    if (read) readFrom(envoyFile(read.name), source)
  }
  return copy
}

/**
 * Puts a cluster that leads to the mock in the place of each that a Moesif filter names. A cluster of the same name that is
 * discovered later has no effect: Envoy lets none replace a static one.
 *
 * @note the generated configuration has its collector cluster last.
 */
function leadToMock(names: string[], bootstrap: EnvoyJson, generated: EnvoyJson): void {
  const collector = messages(generated, 'static_resources', 'clusters').at(-1)
  const resources = (field(bootstrap, 'static_resources') ?? {}) as EnvoyJson
  const others = messages(resources, 'clusters').filter(
    (cluster) => !names.includes(String(field(cluster, 'name'))),
  )
  setField(resources, 'clusters', [
    ...others,
    ...names.map((name) => ({
      ...collector,
      name,
      load_assignment: { ...(collector?.['load_assignment'] as EnvoyJson), cluster_name: name },
    })),
  ])
  setField(bootstrap, 'static_resources', resources)
}

function bindListeners(
  contents: EnvoyJson[],
  wanted: readonly OwnListener[],
  placement: Placement,
): void {
  const listeners = listenersOf(contents)
  let bound = 0
  for (const listener of listeners) {
    const own = takesTcp(listener) ? wanted[bound] : undefined
    const place = own && placement.listener(own, bound++)
    bindListener(listener, nameOf(listener, listeners), place)
  }
}

const withPort = (port: number | undefined, listeners: OwnListener[]): OwnListener[] =>
  listeners.map((listener, index) =>
    port === undefined || (port !== 0 && index > 0) ? listener : { ...listener, port },
  )

const adminPortOf = (content: EnvoyJson): number | undefined =>
  Number(field(content, 'admin', 'address', 'socket_address', 'port_value')) || undefined
