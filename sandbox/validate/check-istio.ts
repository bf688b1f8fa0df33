import { checkFilterOptions, optionsOf } from './check-filter-options.ts'
import type { FoundFilter } from './envoy-filters.ts'
import { error, warning, type Finding } from './finding.ts'
import { isObject, listAt, objectAt, stringAt, valueAt } from './objects.ts'
import type { PositionedYaml } from './positioned-yaml.ts'

/** `outbound|443||api.moesif.net`: what Istio calls the cluster of a host and port. */
const ISTIO_CLUSTER = /^outbound\|(\d+)\|[^|]*\|(.+)$/

/** Our WasmPlugin among these manifests: its options, and the manifests its cluster comes from. */
export async function checkIstio(documents: PositionedYaml[], wasm: string): Promise<Finding[]> {
  const findings: Finding[] = []
  const plugins = documents.filter((document) => isOurs(document.value))
  for (const plugin of plugins) {
    const filter = filterOf(plugin)
    findings.push(
      ...(await checkFilterOptions(filter, wasm)),
      ...checkFailStrategy(plugin),
      ...checkDestination(filter, documents),
    )
  }
  if (plugins.length === 0) findings.push(error(1, 'no Moesif WasmPlugin among these manifests'))
  return findings
}

export const isIstio = (documents: PositionedYaml[]): boolean =>
  documents.some(({ value }) => stringAt(value, 'apiVersion')?.includes('istio.io/'))

const isOurs = (manifest: unknown): boolean =>
  stringAt(manifest, 'kind') === 'WasmPlugin' &&
  JSON.stringify(valueAt(manifest, 'spec') ?? {})
    .toLowerCase()
    .includes('moesif')

function filterOf(yaml: PositionedYaml): FoundFilter {
  const spec = objectAt(yaml.value, 'spec') ?? {}
  const options = spec['pluginConfig']
  return {
    path: ['spec'],
    config: spec,
    optionsText: isObject(options) ? JSON.stringify(options) : undefined,
    line: (option) =>
      yaml.line(option === undefined ? ['spec', 'pluginConfig'] : ['spec', 'pluginConfig', option]),
  }
}

function checkFailStrategy(yaml: PositionedYaml): Finding[] {
  if (stringAt(yaml.value, 'spec', 'failStrategy') === 'FAIL_OPEN') return []
  return [
    warning(
      yaml.line(['spec', 'failStrategy']),
      'without failStrategy: FAIL_OPEN a plugin that cannot be fetched or fails stops all traffic',
    ),
  ]
}

function checkDestination(filter: FoundFilter, documents: PositionedYaml[]): Finding[] {
  const line = filter.line('upstream')
  const name = stringAt(optionsOf(filter), 'upstream')
  const [, port, host] = (name && ISTIO_CLUSTER.exec(name)) || []
  if (port === undefined || host === undefined) {
    return [
      error(
        line,
        `upstream ${JSON.stringify(name ?? null)} is no cluster of Istio: expected e.g. "outbound|443||api.moesif.net"`,
      ),
    ]
  }
  return [
    ...checkServiceEntry(documents, host, Number(port), line),
    ...checkDestinationRule(documents, host, line),
  ]
}

function checkServiceEntry(
  documents: PositionedYaml[],
  host: string,
  port: number,
  line: number,
): Finding[] {
  const entry = documents.find(
    ({ value }) =>
      stringAt(value, 'kind') === 'ServiceEntry' && listAt(value, 'spec', 'hosts').includes(host),
  )
  if (!entry) return [warning(line, `no ServiceEntry for ${host} in this file: the mesh needs one`)]
  const ports = listAt(entry.value, 'spec', 'ports').map((item) => valueAt(item, 'number'))
  if (ports.includes(port)) return []
  return [
    error(
      entry.line(['spec', 'ports']),
      `the ServiceEntry of ${host} has no port ${port}, to which the plugin sends`,
    ),
  ]
}

function checkDestinationRule(documents: PositionedYaml[], host: string, line: number): Finding[] {
  const rule = documents.find(
    ({ value }) =>
      stringAt(value, 'kind') === 'DestinationRule' && stringAt(value, 'spec', 'host') === host,
  )
  if (!rule) {
    return [
      warning(
        line,
        `no DestinationRule for ${host} in this file: without TLS by one, Moesif refuses`,
      ),
    ]
  }
  const policy = valueAt(rule.value, 'spec', 'trafficPolicy')
  const tls = [
    objectAt(policy, 'tls'),
    ...listAt(policy, 'portLevelSettings').map((setting) => objectAt(setting, 'tls')),
  ].find((candidate) => candidate !== undefined)
  const ruleLine = rule.line(['spec', 'trafficPolicy'])
  const mode = stringAt(tls, 'mode')
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') {
    return [error(ruleLine, `the DestinationRule of ${host} has no TLS: expected mode SIMPLE`)]
  }
  if (valueAt(tls, 'insecureSkipVerify') === true) {
    return [error(ruleLine, `the DestinationRule of ${host} checks no certificate`)]
  }
  return []
}
