import { COLLECTOR_CLUSTER } from '../envoy/bootstrap.ts'
import { checkFilterOptions, optionsOf } from './check-filter-options.ts'
import { findEnvoyFilters, type FoundFilter } from './envoy-filters.ts'
import { error, warning, type Finding } from './finding.ts'
import { listAt, objectAt, stringAt, valueAt, type JsonObject } from './objects.ts'
import type { PositionedYaml } from './positioned-yaml.ts'

/** Our filter in an Envoy configuration: its options, what happens when it fails, the cluster it sends to. */
export async function checkEnvoy(yaml: PositionedYaml, wasm: string): Promise<Finding[]> {
  const filters = findEnvoyFilters(yaml)
  if (filters.length === 0) return [error(1, 'no Moesif filter in this Envoy configuration')]
  const findings: Finding[] = []
  for (const filter of filters) {
    findings.push(
      ...(await checkFilterOptions(filter, wasm)),
      ...checkFailure(yaml, filter),
      ...checkCluster(yaml, filter),
    )
  }
  return findings
}

/** The name of the cluster the filter sends to. */
export function clusterName(filter: FoundFilter): string {
  return stringAt(optionsOf(filter), 'upstream') || COLLECTOR_CLUSTER
}

function checkFailure(yaml: PositionedYaml, { config, path }: FoundFilter): Finding[] {
  if (config['fail_open'] === true) return []
  const line = yaml.line(path)
  return config['failure_policy'] === 'FAIL_OPEN'
    ? [
        warning(
          line,
          'failure_policy FAIL_OPEN answers 503 to the requests open on a worker when its filter fails; fail_open: true does not',
        ),
      ]
    : [warning(line, 'without fail_open: true a failure of the filter answers 503 to all traffic')]
}

function checkCluster(yaml: PositionedYaml, filter: FoundFilter): Finding[] {
  const name = clusterName(filter)
  const clusters = listAt(yaml.value, 'static_resources', 'clusters')
  const index = clusters.findIndex((cluster) => stringAt(cluster, 'name') === name)
  if (index === -1) {
    const line = filter.line('upstream')
    return valueAt(yaml.value, 'dynamic_resources', 'cds_config') === undefined
      ? [error(line, `there is no cluster "${name}", to which the filter sends`)]
      : [warning(line, `cluster "${name}" is not in this file: the cluster discovery must have it`)]
  }
  const line = yaml.line(['static_resources', 'clusters', index])
  return checkTls(clusters[index] as JsonObject, name, line)
}

function checkTls(cluster: JsonObject, name: string, line: number): Finding[] {
  const tls = objectAt(cluster, 'transport_socket', 'typed_config')
  if (!tls) {
    return portsOf(cluster).includes(443)
      ? [error(line, `cluster "${name}" speaks plain text to port 443: it has no transport_socket`)]
      : []
  }
  const findings: Finding[] = []
  if (stringAt(tls, 'sni') === undefined && !hasAutoSni(cluster)) {
    findings.push(error(line, `cluster "${name}" has TLS without sni`))
  }
  const { common_tls_context: context } = tls
  const validation =
    objectAt(context, 'validation_context') ??
    objectAt(context, 'combined_validation_context') ??
    objectAt(context, 'validation_context_sds_secret_config')
  if (!validation) {
    findings.push(
      error(line, `cluster "${name}" checks no certificate: anyone in between can read the events`),
    )
  }
  return findings
}

const portsOf = (cluster: JsonObject): unknown[] =>
  listAt(cluster, 'load_assignment', 'endpoints')
    .flatMap((endpoints) => listAt(endpoints, 'lb_endpoints'))
    .map((endpoint) => valueAt(endpoint, 'endpoint', 'address', 'socket_address', 'port_value'))

const hasAutoSni = (cluster: JsonObject): boolean =>
  JSON.stringify(cluster['typed_extension_protocol_options'] ?? {}).includes('"auto_sni":true')
