import type { Finding } from '../finding.ts'
import { textAt } from '../path.ts'
import { Attachment, ROOT_NAMESPACE, SELECTOR } from './attachment.ts'
import { checkSidecars } from './check-sidecars.ts'
import type { Manifests } from './manifests.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

const MATCH = ['spec', 'match']
const GATEWAY_API = 'gateway.networking.k8s.io'
/** Ports of a gateway's Service; its pods listen on others. */
const SERVICE_PORTS: ReadonlySet<unknown> = new Set([80, 443])

/** Whether the plugin sees HTTP at all, reaches a proxy, and there one side only. */
export function checkAttachment(plugin: KubernetesObject, manifests: Manifests): Finding[] {
  const attachment = new Attachment(plugin, manifests)
  return [
    ...checkType(plugin),
    ...checkPhase(plugin),
    ...checkTargets(attachment, manifests),
    ...(checkSelector(attachment, manifests) ?? checkSides(attachment, manifests)),
    ...checkNamespace(attachment),
    ...checkSidecars(attachment, manifests),
  ]
}

function checkType(plugin: KubernetesObject): Finding[] {
  if (plugin.text(['spec', 'type']) !== 'NETWORK') return []
  return [
    plugin.finding(
      ['spec', 'type'],
      'type NETWORK makes a network filter, which sees no HTTP: nothing would be captured',
      'Leave type out, or set HTTP',
    ),
  ]
}

/** @note filters stand in this order: AUTHN, Istio's authentication, AUTHZ, its authorization, STATS, none. */
function checkPhase(plugin: KubernetesObject): Finding[] {
  const phase = plugin.text(['spec', 'phase'])
  if (phase !== 'AUTHN' && phase !== 'AUTHZ') return []
  return [
    plugin.warning(
      ['spec', 'phase'],
      `phase ${phase} is in front of Istio's ${phase === 'AUTHN' ? 'authentication' : 'authorization'}: headers that it sets are not seen`,
      'Set phase: STATS',
    ),
  ]
}

function checkTargets({ plugin, targets }: Attachment, manifests: Manifests): Finding[] {
  if (targets.length === 0) return []
  const gateways = manifests.ofKind('Gateway', GATEWAY_API)
  const findings = targets.flatMap((target, index) => {
    const path = ['spec', 'targetRefs', index]
    const kind = textAt(target, ['kind'])
    const name = textAt(target, ['name'])
    const group = textAt(target, ['group']) ?? ''
    if ((kind === 'Gateway' || kind === 'GatewayClass') && group !== GATEWAY_API) {
      return [
        plugin.finding(
          [...path, 'group'],
          `group of a ${kind} is ${group || 'missing'}: nothing would be selected`,
          `expected ${GATEWAY_API}`,
        ),
      ]
    }
    const isThere =
      kind !== 'Gateway' ||
      gateways.length === 0 ||
      gateways.some((one) => one.name === name && one.namespace === plugin.namespace)
    return isThere
      ? []
      : [plugin.finding([...path, 'name'], `there is no Gateway ${name} in this namespace`)]
  })
  if (plugin.get(['spec', 'selector']) === undefined) return findings
  return [
    ...findings,
    plugin.finding(
      ['spec', 'selector'],
      'only one of selector and targetRefs can be set: Kubernetes refuses both',
    ),
  ]
}

/** Undefined when the selector may well be right. */
function checkSelector(attachment: Attachment, manifests: Manifests): Finding[] | undefined {
  const { plugin, isEverywhere, targets } = attachment
  if (isEverywhere) {
    const where = plugin.namespace === ROOT_NAMESPACE ? 'the mesh' : 'this namespace'
    return [
      plugin.warning(
        ['spec'],
        `without selector and targetRefs it runs on every proxy of ${where}: a call that passes two is logged twice`,
        'Select one place where calls are logged',
      ),
      ...(attachment.isOneSided ? [] : [plugin.finding(MATCH, ONE_SIDE)]),
    ]
  }
  if (targets.length > 0) return undefined
  // Without what it is meant for among the files, there is nothing to compare the selector with.
  const isComparable =
    plugin.namespace === ROOT_NAMESPACE
      ? manifests.hasAny('Gateway')
      : manifests.workloads.some(({ object }) => object.namespace === plugin.namespace)
  const reaches = attachment.isOnGatewayOfManifests || attachment.isOnWorkload
  if (!isComparable || reaches) return undefined
  return [
    plugin.finding(
      SELECTOR,
      "the selector matches neither a workload of this namespace nor a Gateway's selector (gateways: namespace istio-system)",
    ),
  ]
}

/** A selector in another namespace than the root reaches pods of that namespace only. */
function checkNamespace(attachment: Attachment): Finding[] {
  const { plugin, isOnGateway, isOnGatewayOfManifests } = attachment
  if (!isOnGateway || isOnGatewayOfManifests || plugin.namespace !== 'default') return []
  return [
    plugin.warning(
      ['metadata'],
      'in namespace default it reaches gateways of that namespace only',
      `Put it into the gateway's own, or into ${ROOT_NAMESPACE}`,
    ),
  ]
}

const ONE_SIDE =
  'on a sidecar say mode SERVER (what it is called with) or CLIENT (what it calls), or both are logged'

function checkSides(attachment: Attachment, manifests: Manifests): Finding[] {
  const { plugin, isOnGateway, isOnWorkload, isServerOnly, isOneSided, ports, targets } = attachment
  if (isOnGateway) {
    if (isServerOnly) {
      return [
        plugin.finding(
          MATCH,
          'mode SERVER does not attach to a gateway: nothing would be captured',
          'Leave match out, or set mode: CLIENT',
        ),
      ]
    }
    return ports.some((port) => SERVICE_PORTS.has(port)) && targets.length === 0
      ? [
          plugin.warning(
            MATCH,
            `match.ports is compared with the port that the gateway's pods listen on, 8080 for 80 in Istio's charts`,
            'Leave ports out, or name that port',
          ),
        ]
      : []
  }
  const isSidecar = isOnWorkload || manifests.workloads.length === 0
  return isSidecar && !isOneSided && targets.length === 0 ? [plugin.finding(MATCH, ONE_SIDE)] : []
}
