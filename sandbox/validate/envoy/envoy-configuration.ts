import { at, pathsWhere, textAt, type Path } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { anyType, CLUSTER, WASM_FILTER } from './any-type.ts'

const STATIC_CLUSTERS: (string | number)[] = ['static_resources', 'clusters']

/** A bootstrap, a file of discovered resources, or a part of one that holds a Wasm filter. */
export const isEnvoyConfiguration = (document: YamlDocument): boolean =>
  document.has('static_resources', 'dynamic_resources') ||
  pathsWhere(document.content, (value) => {
    const type = anyType(value)
    return type === WASM_FILTER || type === CLUSTER
  }).length > 0

/** A cluster, and the document it stands in. */
export interface FoundCluster {
  document: YamlDocument
  path: Path
}

/** The cluster of a name among the documents: static, or in a file of discovered clusters. */
export function findCluster(
  documents: readonly YamlDocument[],
  name: string,
): FoundCluster | undefined {
  for (const document of documents) {
    const path = clusterPaths(document).find((one) => textAt(document.get(one), ['name']) === name)
    if (path) return { document, path }
  }
  return undefined
}

/** Whether clusters may come from elsewhere while Envoy runs. */
export const discoversClusters = (document: YamlDocument): boolean =>
  at(document.content, ['dynamic_resources', 'cds_config']) !== undefined ||
  !document.has('static_resources', 'dynamic_resources')

/** Whether filters may come from elsewhere while Envoy runs. */
export const discoversFilters = (document: YamlDocument): boolean =>
  pathsWhere(
    document.content,
    (value) =>
      at(value, ['config_discovery']) !== undefined || at(value, ['lds_config']) !== undefined,
  ).length > 0

function clusterPaths(document: YamlDocument): Path[] {
  return [
    ...document.list(STATIC_CLUSTERS).map((_, index) => STATIC_CLUSTERS.concat(index)),
    ...pathsWhere(document.content, (value) => anyType(value) === CLUSTER),
  ]
}
