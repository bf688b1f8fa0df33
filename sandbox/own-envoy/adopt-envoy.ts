import { readFile } from 'node:fs/promises'
import type { OptionsDocument } from '../cli/check-options.ts'
import { UserError } from '../cli/user-error.ts'
import type { Placement } from '../envoy/bootstrap.ts'
import type { EnvoyJson, EnvoyOptions } from '../envoy/options.ts'
import { clusterName } from '../validate/check-envoy.ts'
import { findEnvoyFilters, type Path } from '../validate/envoy-filters.ts'
import { isObject, listAt, objectAt, stringAt, valueAt } from '../validate/objects.ts'
import { parsePositionedYaml } from '../validate/positioned-yaml.ts'

export interface AdoptedEnvoy {
  /** The options document found in it. */
  options: OptionsDocument
  envoy: Partial<EnvoyOptions>
}

/**
 * A user's own Envoy configuration, run as it is but for three things: the Moesif cluster leads to the mock (without
 * TLS), the .wasm is the sandbox's, and the admin interface is where the sandbox finds it.
 */
export async function adoptEnvoy(file: string, pluginFile: string): Promise<AdoptedEnvoy> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`--envoy ${file} cannot be read: ${error.message}`)
  })
  const { documents, syntaxError } = parsePositionedYaml(text)
  if (syntaxError)
    throw new UserError(`--envoy ${file}:${syntaxError.line}: ${syntaxError.message}`)
  const [document] = documents
  const filters = document ? findEnvoyFilters(document) : []
  const [filter] = filters
  if (!document || !filter?.optionsText) {
    throw new UserError(`--envoy ${file}: no Moesif filter with options in it`)
  }
  const bootstrap = document.value as EnvoyJson
  const cluster = clusterName(filter)
  const listeners = listAt(bootstrap, 'static_resources', 'listeners')
    .filter(isObject)
    .map((listener, index) => ({
      name: stringAt(listener, 'name') ?? `listener ${index}`,
      port: Number(valueAt(listener, 'address', 'socket_address', 'port_value')) || 0,
    }))
  if (listeners.length === 0) throw new UserError(`--envoy ${file}: it has no static listener`)
  return {
    options: { label: `--envoy ${file}:${filter.line()}`, text: filter.optionsText },
    envoy: {
      listeners,
      bootstrap: (generated, placement) =>
        adopt(structuredClone(bootstrap), generated, placement, {
          cluster,
          wasm: placement.wasmPath({ file: pluginFile, options: null }),
          filterPaths: filters.map(({ path }) => path),
        }),
    },
  }
}

function adopt(
  own: EnvoyJson,
  generated: EnvoyJson,
  placement: Placement,
  { cluster, wasm, filterPaths }: { cluster: string; wasm: string; filterPaths: Path[] },
): EnvoyJson {
  own['admin'] = generated['admin']
  own['node'] ??= generated['node']
  for (const path of filterPaths) {
    const config = path.reduce<unknown>((value, key) => (value as EnvoyJson)[key], own)
    const vm = objectAt(config, 'vm_config')
    if (vm) vm['code'] = { local: { filename: wasm } }
  }
  const resources = own['static_resources'] as EnvoyJson
  const ofMock = listAt(generated, 'static_resources', 'clusters').find(
    (candidate) => stringAt(candidate, 'name') === cluster,
  )
  resources['clusters'] = [
    ...listAt(resources, 'clusters').filter((other) => stringAt(other, 'name') !== cluster),
    ofMock,
  ]
  for (const [index, listener] of listAt(resources, 'listeners').entries()) {
    const name = stringAt(listener, 'name') ?? `listener ${index}`
    const address = objectAt(listener, 'address', 'socket_address')
    if (!address) continue
    const bound = placement.listener({ name, port: Number(address['port_value']) || 0 }, index)
    Object.assign(listener as EnvoyJson, { name })
    Object.assign(address, { address: bound.address, port_value: bound.port })
  }
  return own
}
