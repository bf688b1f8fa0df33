import { collectorClusterOf } from '../options/collector.ts'
import { at, listAt, pathsWhere, textAt } from '../path.ts'
import { anyType, CLUSTER } from './any-type.ts'
import { moesifConfigs, optionsText } from './find-filters.ts'

/** What a running Envoy made of its configuration. */
export interface RunningEnvoy {
  /** What its admin interface says at `/config_dump`. */
  configDump: unknown
  /** At `/listeners?format=json`; undefined where none can be reached from outside. */
  listeners?: unknown
}

/** Where events may go. */
export interface Mock {
  collectorUrl: string
  /** This machine, as Envoy sees it. */
  hostAddress: string
}

const LOOPBACK = /^(127\.|::1$)/
const RESOLVED = new Set(['STATIC', 'STRICT_DNS'])

/**
 * Every cluster that a Moesif filter names must lead to the mock, and listeners may be open on loopback only.
 *
 * @returns a sentence for each that does not, or is not
 */
export async function checkRunningEnvoy(
  { configDump, listeners }: RunningEnvoy,
  mock: Mock,
  wasm: string,
): Promise<string[]> {
  return [...(await foreignCollectors(configDump, mock, wasm)), ...openAddresses(listeners)]
}

async function foreignCollectors(
  dump: unknown,
  { collectorUrl, hostAddress }: Mock,
  wasm: string,
): Promise<string[]> {
  const texts = new Set(moesifConfigs(dump).map(({ path }) => optionsText(at(dump, path))))
  const names = new Set(
    await Promise.all(Array.from(texts, (text) => collectorClusterOf(text, wasm))),
  )
  const { hostname, port } = new URL(collectorUrl)
  const isMock = (to: Destination): boolean =>
    (to.address === hostname || to.address === hostAddress) && to.port === Number(port)
  return pathsWhere(dump, (value) => anyType(value) === CLUSTER)
    .map((path) => at(dump, path))
    .filter((cluster) => names.has(textAt(cluster, ['name']) ?? ''))
    .flatMap((cluster) =>
      destinationsOf(cluster)
        .filter((to) => !isMock(to))
        .map(
          ({ address, port: number }) =>
            `a Moesif filter sends to the cluster "${textAt(cluster, ['name'])}", which leads to ${address ?? 'whatever is asked for'}${number ? `:${number}` : ''}, not to the mock`,
        ),
    )
}

interface Destination {
  address?: string
  port?: number
}

/** Where a cluster leads; one destination without an address when its configuration does not say. */
function destinationsOf(cluster: unknown): Destination[] {
  const type = textAt(cluster, ['type']) ?? 'STATIC'
  if (at(cluster, ['cluster_type']) !== undefined || !RESOLVED.has(type)) return [{}]
  return listAt(cluster, ['load_assignment', 'endpoints'])
    .flatMap((endpoints) => listAt(endpoints, ['lb_endpoints']))
    .map((host) => at(host, ['endpoint']))
    .flatMap((endpoint) => [endpoint].concat(listAt(endpoint, ['additional_addresses'])))
    .map((host) => at(host, ['address', 'socket_address']))
    .map((socket) => ({
      address: String(at(socket, ['address'])),
      port: Number(at(socket, ['port_value'])),
    }))
}

function openAddresses(listeners: unknown): string[] {
  return listAt(listeners, ['listener_statuses']).flatMap((listener) =>
    [at(listener, ['local_address']), ...listAt(listener, ['additional_local_addresses'])]
      .map((address) => textAt(address, ['socket_address', 'address']))
      .filter((address) => address !== undefined && !LOOPBACK.test(address))
      .map((address) => `the listener ${textAt(listener, ['name'])} is open on ${address}`),
  )
}
