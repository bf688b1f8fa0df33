import { checkCollectorCluster } from './check-collector-cluster.ts'
import type { Finding } from './finding.ts'
import { DEFAULT_UPSTREAM, optionRemarks } from './plugin-options.ts'
import { pathsWhere, readYaml, type Path, type YamlDocument } from './yaml-file.ts'

const WASM_FILTER = 'type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm'
const STRING_VALUE = 'type.googleapis.com/google.protobuf.StringValue'
const ROUTER = 'envoy.filters.http.router'

/** What would go wrong with the plugin in a static Envoy configuration, before Envoy is started on it. */
export function checkEnvoyConfiguration(file: string, text: string): Finding[] {
  const { documents, findings } = readYaml(file, text)
  return findings.concat(documents.flatMap(checkDocument))
}

function checkDocument(document: YamlDocument): Finding[] {
  const filters = pathsWhere(document.content, (value) => value['@type'] === WASM_FILTER)
  if (filters.length === 0) {
    return [document.finding([], `There is no Wasm filter: none has "@type": ${WASM_FILTER}`)]
  }
  return filters.flatMap((path) =>
    checkPlace(document, path).concat(checkFilter(document, [...path, 'config'])),
  )
}

/** The filter must stand in front of the router. */
function checkPlace(document: YamlDocument, path: Path): Finding[] {
  const filters = document.list(path.slice(0, -2))
  const last = filters.at(-1) as { name?: string } | undefined
  return last?.name === ROUTER
    ? []
    : [document.finding(path, `The last HTTP filter must be ${ROUTER}, behind the Wasm filter`)]
}

function checkFilter(document: YamlDocument, config: Path): Finding[] {
  const findings: Finding[] = []
  if (document.get([...config, 'fail_open']) !== true) {
    findings.push(
      document.finding(
        config,
        'Set fail_open: true: any other setting answers 503 to user traffic should the filter crash',
      ),
    )
  }
  if (document.text([...config, 'vm_config', 'code', 'local', 'filename']) === undefined) {
    findings.push(
      document.finding(config, 'vm_config.code.local.filename must name the .wasm file'),
    )
  }
  const configuration = [...config, 'configuration']
  if (document.text([...configuration, '@type']) !== STRING_VALUE) {
    return [...findings, document.finding(configuration, `configuration must be a ${STRING_VALUE}`)]
  }
  const value = [...configuration, 'value']
  const options = parseOptions(document.text(value) ?? '')
  if (!options) return [...findings, document.finding(value, 'The options are no JSON object')]
  return [
    ...findings,
    ...optionRemarks(options).map(({ message }) => document.finding(value, message)),
    ...checkUpstream(document, value, options),
  ]
}

function checkUpstream(
  document: YamlDocument,
  where: Path,
  options: Record<string, unknown>,
): Finding[] {
  const name = String(options['upstream'] ?? DEFAULT_UPSTREAM)
  const clusters = document.list(['static_resources', 'clusters'])
  const index = clusters.findIndex((cluster) => (cluster as { name?: string }).name === name)
  if (index >= 0) {
    return checkCollectorCluster(document, ['static_resources', 'clusters', index], options)
  }
  return [
    document.finding(
      where,
      `The option upstream names the cluster "${name}", which does not exist: no event would be sent`,
    ),
  ]
}

function parseOptions(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Record<string, unknown>
  } catch {
    return undefined
  }
}
