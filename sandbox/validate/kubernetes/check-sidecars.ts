import type { Finding } from '../finding.ts'
import { at } from '../path.ts'
import type { Attachment } from './attachment.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import type { Manifests, Workload } from './manifests.ts'

const INJECT = 'sidecar.istio.io/inject'

/** Whether the workloads that a plugin selects have sidecars to run it in. */
export function checkSidecars(attachment: Attachment, manifests: Manifests): Finding[] {
  if (attachment.isOnGateway || attachment.targets.length > 0) return []
  return attachment.workloads.flatMap((workload) => checkSidecar(workload, manifests))
}

function checkSidecar(workload: Workload, manifests: Manifests): Finding[] {
  const { object } = workload
  const inject = injection(workload)
  if (inject === 'false') {
    return [object.finding([], `${INJECT} is "false": it has no sidecar, and nothing is captured`)]
  }
  const namespace = manifests.ofKind('Namespace').find(({ name }) => name === object.namespace)
  if (inject === 'true' || !namespace) return []
  const labels = namespace.labels(['metadata', 'labels'])
  if (labels['istio.io/dataplane-mode'] === 'ambient') {
    return [
      namespace.finding(
        ['metadata', 'labels'],
        'its workloads are in ambient mode, without sidecars: a selector reaches none of them',
        'Use targetRefs to a waypoint',
      ),
    ]
  }
  return isInjected(namespace)
    ? []
    : [
        namespace.warning(
          ['metadata', 'labels'],
          'nothing injects sidecars here, and without one nothing is captured',
          'Add the label istio-injection: enabled',
        ),
      ]
}

function isInjected(namespace: KubernetesObject): boolean {
  const labels = namespace.labels(['metadata', 'labels'])
  return labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined
}

/** What the pods say of it: a label, or formerly an annotation. */
function injection({ object, labels }: Workload): unknown {
  const metadata = object.kind === 'Pod' ? ['metadata'] : ['spec', 'template', 'metadata']
  return labels[INJECT] ?? at(object.get([...metadata, 'annotations']), [INJECT])
}
