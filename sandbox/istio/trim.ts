import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import type { IstioProxy } from './fixture.ts'

/** A proxy as the generator prints it. */
export type GeneratedProxy = Omit<IstioProxy, 'node' | 'attachments'> & {
  bootstrap: { node: EnvoyJson }
}

/** Services that the examples do not touch but every proxy is sent. */
const UNUSED_CLUSTER = /istio-ingressgateway|^BlackHole|Passthrough/
/** Listeners that only redirected traffic to other services reaches. */
const UNUSED_LISTENER = /_443$|^virtualOutbound$/

/**
 * The part of what a proxy is sent that the examples are about, in a fixed order, so that fixtures stay small and
 * change only when their meaning does. Left out: the gateway's own Service, listeners no spec sends to, virtualInbound's
 * catch-all chains, tracing, and of the bootstrap all but the node. `attachments` is taken before that.
 */
export function trimProxy({ bootstrap, ...proxy }: GeneratedProxy): IstioProxy {
  const { clusters, endpoints, listeners, routes } = proxy
  return {
    node: withoutProxyConfig(bootstrap.node),
    clusters: sorted(clusters).filter(({ name }) => !UNUSED_CLUSTER.test(String(name))),
    endpoints: sorted(endpoints).filter(({ cluster_name: of }) => !UNUSED_CLUSTER.test(String(of))),
    listeners: sorted(listeners)
      .filter(({ name }) => !UNUSED_LISTENER.test(String(name)))
      .map((listener) => withoutTracing(withApplicationChains(listener)) as EnvoyJson),
    routes: sorted(routes),
    extensions: sorted(proxy.extensions),
    extensionsAfterAgent: sorted(proxy.extensionsAfterAgent),
    extensionsAfterFailedDownload: sorted(proxy.extensionsAfterFailedDownload),
    downloads: proxy.downloads,
    attachments: attachmentsOf(listeners),
  }
}

/** Where each discovered extension is attached: `listener/chain`. */
function attachmentsOf(listeners: EnvoyJson[]): Record<string, string[]> {
  const places: Record<string, string[]> = {}
  for (const listener of sorted(listeners)) {
    for (const chain of (listener['filter_chains'] ?? []) as EnvoyJson[]) {
      for (const name of discovered(chain)) {
        ;(places[name] ??= []).push(`${listener['name']}/${chain['name'] ?? ''}`)
      }
    }
  }
  return places
}

function discovered(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const here = 'config_discovery' in value && 'name' in value ? [String(value.name)] : []
  return here.concat(Object.values(value).flatMap(discovered))
}

function withApplicationChains(listener: EnvoyJson): EnvoyJson {
  if (listener['name'] !== 'virtualInbound') return listener
  const chains = listener['filter_chains'] as EnvoyJson[]
  const own = chains.filter((chain) => {
    const match = (chain['filter_chain_match'] ?? {}) as EnvoyJson
    return match['destination_port'] !== undefined && match['destination_port'] !== 15_006
  })
  return { ...listener, filter_chains: own }
}

function withoutTracing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTracing)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => key !== 'tracing')
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutTracing(inner)]))
}

function withoutProxyConfig(node: EnvoyJson): EnvoyJson {
  const { PROXY_CONFIG: _, ...metadata } = node['metadata'] as EnvoyJson
  return { ...node, metadata }
}

const nameOf = (resource: EnvoyJson): string =>
  String(resource['name'] ?? resource['cluster_name'] ?? '')

const sorted = (resources: EnvoyJson[]): EnvoyJson[] =>
  resources.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), 'en'))
