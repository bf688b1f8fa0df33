import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { envoyFile } from '#sandbox/envoy/options.ts'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { placeIn } from '#sandbox/istio/start-istio-proxy.ts'

const EXAMPLE = new URL('../../examples/envoy/envoy.yaml', import.meta.url)
const PLACEHOLDER = '<YOUR APPLICATION ID HERE>'
/** Where the spec puts the authority that Envoy is to trust. */
export const AUTHORITY_FILE = 'authority.pem'

export interface EnvoyExamplePlace {
  applicationId: string
  upstreamPort: number
  collectorPort: number
}

/** The example as it stands in the repository. */
export async function readEnvoyExample(): Promise<EnvoyJson> {
  return parse(await readFile(EXAMPLE, 'utf8')) as EnvoyJson
}

/**
 * The example with this machine's addresses, ports and files in it; `sandbox` is the configuration the sandbox would have
 * used here. Nothing else is altered.
 */
export function placeEnvoyExample(
  example: EnvoyJson,
  sandbox: EnvoyJson,
  place: EnvoyExamplePlace,
): EnvoyJson {
  const { admin, listen, hostAddress, wasmFile } = placeIn(sandbox)
  const placed = JSON.parse(
    JSON.stringify(example)
      .replace(PLACEHOLDER, place.applicationId)
      .replace(/"\/etc\/envoy\/[^"]*\.wasm"/, JSON.stringify(wasmFile))
      .replace('/etc/ssl/certs/ca-certificates.crt', envoyFile(AUTHORITY_FILE)),
  ) as { admin: unknown; static_resources: { listeners: EnvoyJson[]; clusters: EnvoyJson[] } }
  const [listener] = placed.static_resources.listeners
  if (!listener) throw new Error('The example has no listener')
  placed.admin = admin
  listener['address'] = { socket_address: listen }
  for (const cluster of placed.static_resources.clusters) {
    const port = cluster['name'] === 'moesif_api' ? place.collectorPort : place.upstreamPort
    moveEndpoint(cluster, { address: hostAddress, port_value: port })
  }
  return placed
}

function moveEndpoint(cluster: EnvoyJson, address: EnvoyJson): void {
  const { endpoints } = cluster['load_assignment'] as {
    endpoints: { lb_endpoints: { endpoint: { address: EnvoyJson } }[] }[]
  }
  for (const { lb_endpoints: hosts } of endpoints) {
    for (const { endpoint } of hosts) endpoint.address = { socket_address: address }
  }
}

/** The paths at which two configurations differ. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) {
    return one === other ? [] : [path]
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].flatMap((key) =>
    differences(
      (one as Record<string, unknown>)[key],
      (other as Record<string, unknown>)[key],
      `${path}/${key}`,
    ),
  )
}
