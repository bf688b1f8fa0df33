import type { Finding } from '../finding.ts'
import { judgeOptions } from '../options/judge-options.ts'
import { collectorOf } from '../options/collector.ts'
import { anyType, ROUTER, typeUrl, WASM_FILTER } from './any-type.ts'
import { at, textAt, type Path } from '../path.ts'
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
  const filters = documents.flatMap((document) => findFilters(document))
  const judged = filters.map(async (filter) => await checkFound(filter, documents, wasm))
  return [...(await Promise.all(judged)).flat(), ...checkLoggedTwice(filters)]
}

/** Two filters in one list of HTTP filters. */
function checkLoggedTwice(filters: readonly FoundFilter[]): Finding[] {
  const seen = new Set<string>()
  return filters.flatMap(({ document, holder }) => {
    const list = listOf(holder)
    const key = JSON.stringify([document.file, list])
    const isSecond = list !== undefined && seen.has(key)
    seen.add(key)
    return isSecond
      ? [
          document.warning(
            holder,
            'a second filter of Moesif in one chain: each call is logged twice',
            'Keep one, unless each sends to an account of its own',
          ),
        ]
      : []
  })
}

/** The list of HTTP filters that a filter stands in. */
function listOf(holder: Path): Path | undefined {
  const index = holder.findLastIndex((key) => key === 'http_filters' || key === 'httpFilters')
  return index < 0 ? undefined : holder.slice(0, index + 1)
}

const checkFound = async (
  filter: FoundFilter,
  documents: readonly YamlDocument[],
  wasm: string,
): Promise<Finding[]> => [
  ...checkPlace(filter),
  ...checkFilter(filter),
  ...(filter.options ? await judgeOptions(filter.options, wasm) : []),
  ...(await checkUpstream(filter, documents, wasm)),
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
  const list = listOf(holder)
  if (!list) return []
  const last = document.list(list).at(-1)
  const lastIndex = document.list(list).length - 1
  const message = `the last HTTP filter must be ${ROUTER_NAME}`
  const name = textAt(last, ['name'])
  const type = anyType(at(last, ['typed_config']))
  const isRouter = type === undefined ? name === ROUTER_NAME : type === ROUTER
  if (!isRouter || Number(holder[list.length]) === lastIndex) {
    return [document.finding(holder, message, 'Put the router last, behind the Wasm filter')]
  }
  return name === ROUTER_NAME || !name?.startsWith('envoy.filters.')
    ? []
    : [document.warning([...list, lastIndex, 'name'], `${message}: this one is named ${name}`)]
}

async function checkUpstream(
  filter: FoundFilter,
  documents: readonly YamlDocument[],
  wasm: string,
): Promise<Finding[]> {
  const { document, options, path } = filter
  const collector = options && (await collectorOf(options.text, wasm))
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
