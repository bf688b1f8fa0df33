import type { Finding } from '../finding.ts'
import { judgeOptions } from '../options/judge-options.ts'
import { collectorOf } from '../options/collector.ts'
import { anyType, ROUTER, typeUrl, WASM_FILTER } from './any-type.ts'
import { at, textAt } from '../yaml/path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { checkCollectorCluster } from './check-collector-cluster.ts'
import { checkFilter } from './check-filter.ts'
import { discoversClusters, discoversFilters, findCluster } from './envoy-configuration.ts'
import { findFilters, type FoundFilter } from './find-filters.ts'

const ROUTER_NAME = 'envoy.filters.http.router'

/** What would go wrong with the plugin in Envoy configurations, before Envoy is started on them. */
export async function checkEnvoyConfigurations(
  documents: readonly YamlDocument[],
  wasm: string,
): Promise<Finding[]> {
  const judged = documents
    .flatMap((document) => findFilters(document))
    .map(async (filter) => await checkFound(filter, documents, wasm))
  return (await Promise.all(judged)).flat()
}

const checkFound = async (
  filter: FoundFilter,
  documents: readonly YamlDocument[],
  wasm: string,
): Promise<Finding[]> => [
  ...checkPlace(filter),
  ...checkFilter(filter),
  ...(filter.options ? await judgeOptions(filter.options, wasm) : []),
  ...checkUpstream(filter, documents),
]

export const noFilter = (document: YamlDocument): Finding =>
  document.finding(
    [],
    'There is no Wasm filter of Moesif in it: nothing would be captured',
    discoversFilters(document)
      ? 'Give the files that it discovers listeners or filters in, too'
      : `Add one with "@type": ${typeUrl(WASM_FILTER)}`,
  )

/** The filter must stand in front of the router. @note Envoy goes by the type, not by the name. */
function checkPlace({ document, holder }: FoundFilter): Finding[] {
  const index = holder.findLastIndex((key) => key === 'http_filters' || key === 'httpFilters')
  if (index < 0) return []
  const list = holder.slice(0, index + 1)
  const last = document.list(list).at(-1)
  const lastIndex = document.list(list).length - 1
  const message = `the last HTTP filter must be ${ROUTER_NAME}`
  const name = textAt(last, ['name'])
  const type = anyType(at(last, ['typed_config']))
  const isRouter = type === undefined ? name === ROUTER_NAME : type === ROUTER
  if (!isRouter || Number(holder[index + 1]) === lastIndex) {
    return [document.finding(holder, message, 'Put the router last, behind the Wasm filter')]
  }
  return name === ROUTER_NAME || !name?.startsWith('envoy.filters.')
    ? []
    : [document.warning([...list, lastIndex, 'name'], `${message}: this one is named ${name}`)]
}

function checkUpstream(filter: FoundFilter, documents: readonly YamlDocument[]): Finding[] {
  const { document, options, path } = filter
  const collector = options && collectorOf(options.text)
  if (!collector) return []
  const cluster = findCluster(documents, collector.cluster)
  if (cluster) return checkCollectorCluster(cluster.document, cluster.path, collector)
  const where = [...path, 'configuration', 'value']
  const message = `the option upstream names the cluster "${collector.cluster}", which does not exist`
  if (documents.some(discoversClusters)) {
    return [document.warning(where, `${message} here`, 'No event is sent unless it is discovered')]
  }
  return [document.finding(where, `${message}: no event would be sent`, 'Add it, or name another')]
}
