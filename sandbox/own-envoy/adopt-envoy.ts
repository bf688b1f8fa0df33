import { readFile } from 'node:fs/promises'
import type { OptionsDocument } from '../cli/check-options.ts'
import { UserError } from '../cli/user-error.ts'
import { at, readYaml, type Path, type YamlDocument } from '../deployment/yaml-file.ts'
import { COLLECTOR_CLUSTER, type Placement } from '../envoy/bootstrap.ts'
import type { EnvoyJson, EnvoyOptions } from '../envoy/options.ts'
import { findEnvoyFilters } from '../validate/find-filters.ts'

export interface AdoptedEnvoy {
  /** The options document found in it. */
  options: OptionsDocument
  envoy: Partial<EnvoyOptions>
}

const LISTENERS = ['static_resources', 'listeners']
const CLUSTERS = ['static_resources', 'clusters']
const BOUND_TO = ['address', 'socket_address']

/**
 * A user's own Envoy configuration, run as it is but for three things: the Moesif cluster leads to the mock (without
 * TLS), the .wasm is the sandbox's, and admin interface and listeners are where the sandbox finds them.
 */
export async function adoptEnvoy(file: string, pluginFile: string): Promise<AdoptedEnvoy> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`--envoy ${file} cannot be read: ${error.message}`)
  })
  const { documents, findings } = readYaml(file, text)
  for (const { line, message } of findings) {
    throw new UserError(`--envoy ${file}:${line}: ${message}`)
  }
  const [document] = documents
  const filters = document ? findEnvoyFilters(document) : []
  const [filter] = filters
  if (!document || filter?.optionsText === undefined) {
    throw new UserError(`--envoy ${file}: no Moesif filter with options in it`)
  }
  const listeners = listenersIn(document)
  if (listeners.length === 0) throw new UserError(`--envoy ${file}: it has no static listener`)
  return {
    options: { label: `--envoy ${file}:${filter.line()}`, text: filter.optionsText },
    envoy: {
      listeners,
      bootstrap: (generated, placement) => {
        const own = structuredClone(document.content) as EnvoyJson
        own['admin'] = generated['admin']
        own['node'] ??= generated['node']
        const wasm = placement.wasmPath({ file: pluginFile, options: null })
        for (const { path } of filters) loadFrom(wasm, at(own, [...path, 'vm_config']))
        replaceCollector(own, generated)
        bindListeners(own, listeners, placement)
        return own
      },
    },
  }
}

function listenersIn(document: YamlDocument): { name: string; port: number }[] {
  return document.list(LISTENERS).map((listener, index) => ({
    name: String(at(listener, ['name']) ?? `listener-${index}`),
    port: Number(at(listener, [...BOUND_TO, 'port_value'])) || 0,
  }))
}

function loadFrom(wasm: string, vmConfig: unknown): void {
  Object.assign(vmConfig as EnvoyJson, { code: { local: { filename: wasm } } })
}

/** @note the generated configuration names its collector cluster as the filter's options do, and has it last. */
function replaceCollector(own: EnvoyJson, generated: EnvoyJson): void {
  const collector = (at(generated, CLUSTERS) as EnvoyJson[]).at(-1)
  const name = collector?.['name'] ?? COLLECTOR_CLUSTER
  const clusters = (at(own, CLUSTERS) ?? []) as EnvoyJson[]
  Object.assign(at(own, ['static_resources']) as EnvoyJson, {
    clusters: [...clusters.filter((cluster) => cluster['name'] !== name), collector],
  })
}

function bindListeners(
  own: EnvoyJson,
  listeners: { name: string; port: number }[],
  placement: Placement,
): void {
  listeners.forEach((listener, index) => {
    const path: Path = [...LISTENERS, index]
    const { address, port } = placement.listener(listener, index)
    Object.assign(at(own, path) as EnvoyJson, { name: listener.name })
    Object.assign(at(own, [...path, ...BOUND_TO]) as EnvoyJson, { address, port_value: port })
  })
}
