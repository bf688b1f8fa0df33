import { checkRoadToMoesif } from './check-mesh-upstream.ts'
import { checkRouting } from './check-routing.ts'
import { checkWasmPlugins } from './check-wasm-plugins.ts'
import type { Finding } from './finding.ts'
import { Manifests, type KubernetesObject } from './kubernetes-objects.ts'

/** The API versions Istio 1.22 and later, and Kubernetes, serve. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  Service: 'v1',
  Namespace: 'v1',
  Deployment: 'apps/v1',
  Gateway: 'networking.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
}

/** What would go wrong with the plugin when these manifests were applied together. */
export function checkIstioManifests(files: readonly { file: string; text: string }[]): Finding[] {
  const { manifests, findings } = Manifests.read(files)
  return [
    ...findings,
    ...manifests.objects.flatMap(checkApiVersion),
    ...checkRouting(manifests),
    ...checkWasmPlugins(manifests),
    ...checkRoadToMoesif(manifests),
  ]
}

function checkApiVersion(object: KubernetesObject): Finding[] {
  const expected = API_VERSIONS[object.kind]
  if (expected === undefined) return [object.finding(['kind'], 'this kind is not known here')]
  return object.apiVersion === expected
    ? []
    : [object.finding(['apiVersion'], `apiVersion ${object.apiVersion}, expected ${expected}`)]
}
