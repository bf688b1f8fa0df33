import type { Finding } from '../finding.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { checkApiVersion } from './api-versions.ts'
import { checkEnvoyFilters, patchedFilters } from './check-envoy-filters.ts'
import { checkWayToMoesif, leadsToMoesif } from './check-mesh-upstream.ts'
import { checkGlooGateways, glooFilters } from './check-gloo-gateways.ts'
import { checkRouting } from './check-routing.ts'
import { checkShape } from './check-shape.ts'
import { checkWasmPlugins, moesifPlugins } from './check-wasm-plugins.ts'
import { Manifests } from './manifests.ts'

export interface JudgedManifests {
  findings: Finding[]
  /** What of Moesif is among them. */
  role: 'plugin' | 'way to Moesif' | 'none'
}

/** What would go wrong with the plugin when these manifests were applied together. */
export async function checkIstioManifests(
  documents: readonly YamlDocument[],
  wasm: string,
): Promise<JudgedManifests> {
  const manifests = new Manifests(documents)
  const hasPlugin =
    moesifPlugins(manifests).length > 0 ||
    patchedFilters(manifests).length > 0 ||
    glooFilters(manifests).length > 0
  return {
    role: hasPlugin ? 'plugin' : leadsToMoesif(manifests) ? 'way to Moesif' : 'none',
    findings: [
      ...manifests.objects.flatMap(checkApiVersion),
      ...manifests.objects.flatMap(checkShape),
      ...checkRouting(manifests),
      ...checkTwins(manifests),
      ...(await checkWasmPlugins(manifests, wasm)),
      ...(await checkEnvoyFilters(manifests, wasm)),
      ...(await checkGlooGateways(manifests, wasm)),
      ...(hasPlugin ? [] : checkWayToMoesif(manifests)),
    ],
  }
}

/** Of two plugins of one name the one that is applied last replaces the other. */
function checkTwins(manifests: Manifests): Finding[] {
  const first = new Map<string, string>()
  return moesifPlugins(manifests).flatMap((plugin) => {
    const { file, line } = plugin.place([])
    const name = `${plugin.namespace}/${plugin.name}`
    const other = first.get(name)
    first.set(name, other ?? `${file}:${line}`)
    return other === undefined
      ? []
      : [
          plugin.warning(
            ['metadata', 'name'],
            `has the same name as the one at ${other}: the one applied last replaces it`,
          ),
        ]
  })
}
