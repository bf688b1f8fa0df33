import { checkCollectorCluster } from '../envoy/check-collector-cluster.ts'
import { checkFilter } from '../envoy/check-filter.ts'
import { findFilters, type FoundFilter } from '../envoy/find-filters.ts'
import type { Finding } from '../finding.ts'
import { collectorOf } from '../options/collector.ts'
import { judgeOptions } from '../options/judge-options.ts'
import { at, textAt, type Path } from '../path.ts'
import { checkMeshUpstream, MESH_CLUSTER } from './check-mesh-upstream.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import type { Manifests } from './manifests.ts'

const PATCHES = ['spec', 'configPatches']
const ROUTER = 'envoy.filters.http.router'

/** A Moesif filter that an EnvoyFilter patches in. */
export interface PatchedFilter {
  object: KubernetesObject
  /** Of the patch in the object. */
  patch: Path
  filter: FoundFilter
}

export const patchedFilters = (manifests: Manifests): PatchedFilter[] =>
  manifests.ofKind('EnvoyFilter').flatMap((object) =>
    object.list(PATCHES).flatMap((_, index) => {
      const patch = [...PATCHES, index]
      const value = object.path([...patch, 'patch', 'value'])
      return findFilters(object.document, value).map((filter) => ({ object, patch, filter }))
    }),
  )

export async function checkEnvoyFilters(manifests: Manifests, wasm: string): Promise<Finding[]> {
  const judged = patchedFilters(manifests).map(
    async (patched) => await checkPatchedFilter(patched, manifests, wasm),
  )
  return (await Promise.all(judged)).flat()
}

async function checkPatchedFilter(
  patched: PatchedFilter,
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const { options } = patched.filter
  return [
    ...checkPatch(patched),
    ...checkFilter(patched.filter),
    ...(options ? await judgeOptions(options, wasm) : []),
    ...(await checkUpstream(patched, manifests, wasm)),
  ]
}

/** @note Istio appends with ADD, which puts the filter behind the router. */
function checkPatch({ object, patch }: PatchedFilter): Finding[] {
  if (object.text([...patch, 'applyTo']) !== 'HTTP_FILTER') return []
  const operation = object.text([...patch, 'patch', 'operation'])
  const filter = at(object.get(patch), ['match', 'listener', 'filterChain', 'filter'])
  const isBehindRouter =
    operation === 'ADD' ||
    (operation === 'INSERT_AFTER' && textAt(filter, ['subFilter', 'name']) === ROUTER)
  if (!isBehindRouter) return []
  return [
    object.finding(
      [...patch, 'patch', 'operation'],
      `${operation} puts the filter behind the router: Envoy refuses the listener`,
      `Set INSERT_BEFORE, with subFilter ${ROUTER}`,
    ),
  ]
}

async function checkUpstream(
  patched: PatchedFilter,
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const { object, patch, filter } = patched
  const { options } = filter
  const collector = options && (await collectorOf(options.text, wasm))
  if (!collector) return []
  const upstream = [...patch, 'patch', 'value']
  if (MESH_CLUSTER.test(collector.cluster)) {
    return await checkMeshUpstream({ object, upstream, options: options.text }, manifests, wasm)
  }
  const cluster = patchedCluster(collector.cluster, manifests)
  if (cluster) return checkCollectorCluster(cluster.object.document, cluster.path, collector)
  return [
    object.finding(
      upstream,
      `the option upstream names the cluster "${collector.cluster}", which no EnvoyFilter adds and Istio does not make`,
      "Name Istio's cluster, outbound|443||api.moesif.net, or add one",
    ),
  ]
}

/** A cluster that an EnvoyFilter adds. */
function patchedCluster(
  name: string,
  manifests: Manifests,
): { object: KubernetesObject; path: Path } | undefined {
  for (const object of manifests.ofKind('EnvoyFilter')) {
    const index = object
      .list(PATCHES)
      .findIndex(
        (patch) =>
          textAt(patch, ['applyTo']) === 'CLUSTER' &&
          textAt(patch, ['patch', 'value', 'name']) === name,
      )
    if (index >= 0) return { object, path: object.path([...PATCHES, index, 'patch', 'value']) }
  }
  return undefined
}
