import type { Finding } from '../finding.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

const ISTIO = {
  group: 'networking.istio.io',
  version: 'v1',
  older: ['v1beta1', 'v1alpha3'],
} as const

/** The API versions that Kubernetes, and Istio 1.22 and later, serve of the kinds that are looked at here. */
const KINDS: Readonly<
  Record<string, { group: string; version: string; older: readonly string[] }>
> = {
  Service: { group: '', version: 'v1', older: [] },
  Pod: { group: '', version: 'v1', older: [] },
  Namespace: { group: '', version: 'v1', older: [] },
  Deployment: { group: 'apps', version: 'v1', older: [] },
  StatefulSet: { group: 'apps', version: 'v1', older: [] },
  DaemonSet: { group: 'apps', version: 'v1', older: [] },
  Gateway: ISTIO,
  VirtualService: ISTIO,
  ServiceEntry: ISTIO,
  DestinationRule: ISTIO,
  EnvoyFilter: { group: 'networking.istio.io', version: 'v1alpha3', older: [] },
  WasmPlugin: { group: 'extensions.istio.io', version: 'v1alpha1', older: [] },
}

/** Groups that have a kind of the same name, which is none of those above. */
const OTHER_GROUPS =
  /^(gateway\.networking\.k8s\.io|gateway\.solo\.io|serving\.knative\.dev|.*\.crossplane\.io)$/

export const groupOf = (kind: string): string | undefined => KINDS[kind]?.group

export function checkApiVersion(object: KubernetesObject): Finding[] {
  const known = KINDS[object.kind]
  if (!known || OTHER_GROUPS.test(object.group)) return []
  const expected = known.group === '' ? known.version : `${known.group}/${known.version}`
  if (object.apiVersion === expected) return []
  const message = `apiVersion ${object.apiVersion}`
  const isOlder = known.older.some((version) => object.apiVersion === `${known.group}/${version}`)
  return [
    isOlder
      ? object.warning(['apiVersion'], `${message} is an old one`, `expected ${expected}`)
      : object.finding(['apiVersion'], message, `expected ${expected}`),
  ]
}
