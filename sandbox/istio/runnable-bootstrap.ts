import { envoyFile } from '#sandbox/envoy/options.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import type { IstioProxy } from './fixture.ts'
import { leaveOutIstioOnly } from './istio-only.ts'

/** PEM texts that stand in for what the agent serves over SDS. */
export interface IstioSecrets {
  /** The proxy image's CA bundle: what the collector's certificate is checked against. */
  systemAuthority: string
  workload: { certificate: string; key: string }
  meshAuthority: string
}

/** What takes the place of the cluster's network. */
export interface IstioPlace {
  admin: unknown
  /** Where the listener under test binds. */
  listen: { address: string; port_value: number }
  /** How Envoy reaches the servers of this machine. */
  hostAddress: string
  upstreamPort: number
  collectorPort: number
  wasmFile: string
}

export interface IstioRun {
  proxy: IstioProxy
  /** The listener that serves: `0.0.0.0_8080`, `virtualInbound`, `0.0.0.0_80`. */
  listener: string
  /** Of the application, where `virtualInbound` is the listener. */
  applicationPort: number
  secrets: IstioSecrets
  extensions: EnvoyJson[]
}

/** Host names and port of the collector in Istio's clusters. */
const COLLECTOR = /^outbound\|\d+\|\|(api\.moesif\.net|mock-moesif\.)/

/**
 * The alterations that let an upstream Envoy, without a control plane, an agent or iptables, run what Istio generated:
 * - listeners and clusters are static, routes and extensions come from files in the place of ADS;
 * - one listener is bound to a port of this machine, the others are left out (they need iptables);
 * - of virtualInbound the chains of the application's port are kept, without the match on the original port;
 * - every host is on this machine: the collector's at one port, all others the upstream's;
 * - secrets are static in the place of SDS;
 * - filters only istio-proxy has are left out;
 * - of Istio's bootstrap only the node is kept.
 */
export function runnableBootstrap(
  { proxy, listener, applicationPort, secrets, extensions }: IstioRun,
  place: IstioPlace,
  files: Record<string, string | Uint8Array>,
): EnvoyJson {
  const copy = structuredClone(proxy)
  const served = copy.listeners.find(({ name }) => name === listener)
  if (!served) {
    const names = copy.listeners.map(({ name }) => name).join(', ')
    throw new Error(`Istio made no listener ${listener}: there are ${names}`)
  }
  leaveOutIstioOnly([served, copy.clusters])
  bind(served, place.listen)
  if (listener === 'virtualInbound') keepChainsOf(served, applicationPort)
  const resources = new ResourceFiles(files)
  for (const config of withKey(served, 'rds')) {
    const rds = config['rds'] as EnvoyJson
    rds['config_source'] = resources.source(byName(copy.routes, String(rds['route_config_name'])))
  }
  for (const filter of withKey(served, 'config_discovery')) {
    const discovery = filter['config_discovery'] as EnvoyJson
    const extension = byName(structuredClone(extensions), String(filter['name']))
    useWasmFile(extension, place.wasmFile)
    discovery['config_source'] = resources.source(extension)
  }
  const clusters = copy.clusters.map((cluster) => onThisMachine(cluster, place))
  const tls = [served, ...clusters].flatMap((one) => withKey(one, 'sds_config'))
  const names = new Set(tls.map((secret) => String(secret['name'])))
  for (const secret of tls) delete secret['sds_config']
  return {
    node: copy.node,
    admin: place.admin,
    static_resources: {
      listeners: [untyped(served)],
      clusters: clusters.map(untyped),
      secrets: [...names].map((name) => secretNamed(name, secrets)),
    },
  }
}

/** One file a resource: Envoy wants exactly one in a file for routes and extensions. */
class ResourceFiles {
  readonly #files: Record<string, string | Uint8Array>
  #count = 0

  constructor(files: Record<string, string | Uint8Array>) {
    this.#files = files
  }

  source(resource: EnvoyJson): EnvoyJson {
    const name = `resource-${this.#count++}.json`
    this.#files[name] = JSON.stringify({ version_info: '1', resources: [resource] })
    return { path_config_source: { path: envoyFile(name) }, resource_api_version: 'V3' }
  }
}

function bind(listener: EnvoyJson, listen: IstioPlace['listen']): void {
  listener['address'] = { socket_address: listen }
  for (const key of ['bind_to_port', 'additional_addresses', 'use_original_dst']) {
    delete listener[key]
  }
  const filters = (listener['listener_filters'] ?? []) as EnvoyJson[]
  for (const filter of filters) delete filter['filter_disabled']
  listener['listener_filters'] = filters.filter(
    ({ name }) => name !== 'envoy.filters.listener.original_dst',
  )
}

function keepChainsOf(listener: EnvoyJson, port: number): void {
  const chains = listener['filter_chains'] as EnvoyJson[]
  const kept = chains.filter((chain) => matchOf(chain)['destination_port'] === port)
  if (kept.length === 0) throw new Error(`virtualInbound has no chain for port ${port}`)
  for (const chain of kept) delete matchOf(chain)['destination_port']
  listener['filter_chains'] = kept
}

const matchOf = (chain: EnvoyJson): EnvoyJson => (chain['filter_chain_match'] ?? {}) as EnvoyJson

function onThisMachine(cluster: EnvoyJson, place: IstioPlace): EnvoyJson {
  if (!/^(in|out)bound\|/.test(String(cluster['name']))) return cluster
  const {
    eds_cluster_config: _eds,
    original_dst_lb_config: _originalDestination,
    upstream_bind_config: _bind,
    ...rest
  } = cluster
  const port = COLLECTOR.test(String(cluster['name'])) ? place.collectorPort : place.upstreamPort
  return {
    ...rest,
    type: 'STRICT_DNS',
    ...(rest['lb_policy'] === 'CLUSTER_PROVIDED' && { lb_policy: 'ROUND_ROBIN' }),
    load_assignment: {
      cluster_name: rest['name'],
      endpoints: [
        {
          lb_endpoints: [
            {
              endpoint: {
                address: { socket_address: { address: place.hostAddress, port_value: port } },
              },
            },
          ],
        },
      ],
    },
  }
}

function useWasmFile(extension: EnvoyJson, file: string): void {
  for (const local of withKey(extension, 'local')) local['local'] = { filename: file }
}

function secretNamed(name: string, secrets: IstioSecrets): EnvoyJson {
  if (name === 'default') {
    const { certificate, key } = secrets.workload
    return {
      name,
      tls_certificate: { certificate_chain: inline(certificate), private_key: inline(key) },
    }
  }
  const authority = name === 'ROOTCA' ? secrets.meshAuthority : secrets.systemAuthority
  if (name !== 'ROOTCA' && name !== 'file-root:system') {
    throw new Error(`Istio asks for a secret that is not known here: ${name}`)
  }
  return { name, validation_context: { trusted_ca: inline(authority) } }
}

const inline = (text: string) => ({ inline_string: text })

/** A static resource, unlike a discovered one, has no type of its own. */
const untyped = ({ '@type': _type, ...resource }: EnvoyJson): EnvoyJson => resource

function byName(resources: EnvoyJson[], name: string): EnvoyJson {
  const found = resources.find((resource) => resource['name'] === name)
  if (!found) throw new Error(`istiod did not answer ${name}`)
  return found
}

/** Every object below (or at) a value that has the key. */
function withKey(value: unknown, key: string): EnvoyJson[] {
  if (Array.isArray(value)) return value.flatMap((one) => withKey(one, key))
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap((one) => withKey(one, key))
  return key in value ? [value as EnvoyJson, ...below] : below
}
