import type { EnvoyJson } from '../envoy/envoy-json.ts'
import type { StartedEnvoy } from '../envoy/started-envoy.ts'
import { collectorClusterOf, moesifFilters } from './moesif-filters.ts'
import { field, messages, messagesWithin } from './proto-json.ts'

const LOOPBACK = /^(127\.|::1$)/
const CLUSTER = 'envoy.config.cluster.v3.Cluster'
const RESOLVED = new Set(['STATIC', 'STRICT_DNS'])

/**
 * Asks a running Envoy what it made of its configuration: every cluster that a Moesif filter names must lead to the mock, and
 * it may listen on loopback only.
 *
 * @throws an Error that says what would leave this machine, or who could come in
 */
export async function requireEventsStayHere(
  envoy: StartedEnvoy,
  collectorUrl: string,
): Promise<void> {
  const dump = await envoy.admin.configDump()
  const found = [
    ...foreignCollectors(dump, new URL(collectorUrl), envoy.runtime.hostAddress),
    // What a container listens on is published on loopback, and only what was asked for.
    ...(envoy.runtime.name === 'process' ? await openAddresses(envoy) : []),
  ]
  if (found.length > 0) {
    throw new Error(`The sandbox stops what it started: ${found.join('. ')}.`)
  }
}

function foreignCollectors(dump: unknown, mock: URL, hostAddress: string): string[] {
  const names = new Set(
    moesifFilters(dump).map(({ optionsText }) => collectorClusterOf(optionsText)),
  )
  const addresses = new Set([mock.hostname, hostAddress])
  return Array.from(messagesWithin(dump), ({ message }) => message)
    .filter((message) => String(message['@type']).endsWith(CLUSTER))
    .filter((cluster) => names.has(String(field(cluster, 'name'))))
    .flatMap((cluster) =>
      destinationsOf(cluster)
        .filter((to) => !(to.address && addresses.has(to.address) && to.port === Number(mock.port)))
        .map(
          ({ address, port }) =>
            `a Moesif filter sends to the cluster "${String(field(cluster, 'name'))}", which leads to ${address ?? 'whatever is asked for'}${port ? `:${port}` : ''}, not to the mock`,
        ),
    )
}

/** Where a cluster leads; one destination without an address when its configuration does not say. */
function destinationsOf(cluster: EnvoyJson): { address?: string; port?: number }[] {
  const type = String(field(cluster, 'type') ?? 'STATIC')
  if (field(cluster, 'cluster_type') !== undefined || !RESOLVED.has(type)) return [{}]
  const hosts = messages(cluster, 'load_assignment', 'endpoints')
    .flatMap((endpoints) => messages(endpoints, 'lb_endpoints'))
    .map((host) => field(host, 'endpoint') as EnvoyJson)
  return hosts
    .flatMap((host) => [host].concat(messages(host, 'additional_addresses')))
    .map((host) => field(host, 'address'))
    .map((address) => ({
      address: String(field(address, 'socket_address', 'address')),
      port: Number(field(address, 'socket_address', 'port_value')),
    }))
}

async function openAddresses(envoy: StartedEnvoy): Promise<string[]> {
  const listeners: unknown = JSON.parse(await envoy.admin.get('/listeners?format=json'))
  return messages(listeners, 'listener_statuses').flatMap((listener) =>
    [field(listener, 'local_address'), ...messages(listener, 'additional_local_addresses')]
      .map((address) => field(address, 'socket_address', 'address'))
      .filter((address) => typeof address === 'string' && !LOOPBACK.test(address))
      .map((address) => `the listener ${String(field(listener, 'name'))} is open on ${address}`),
  )
}
