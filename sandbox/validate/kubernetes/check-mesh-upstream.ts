import type { Finding } from '../finding.ts'
import { collectorOf } from '../options/collector.ts'
import type { Path } from '../path.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { portNumbers, type Manifests } from './manifests.ts'

const MOESIF = 'api.moesif.net'
const TLS = ['spec', 'trafficPolicy', 'tls']

/** An object that sends events, from its namespace. */
export interface MeshSender {
  object: KubernetesObject
  /** Path of the option `upstream`, or of what holds it. */
  upstream: Path
  /** The options, as the plugin gets them. */
  options: string
}

/** Istio's name of a cluster: port and host. */
export const MESH_CLUSTER = /^outbound\|(\d+)\|[^|]*\|(.+)$/

/** The cluster that the option `upstream` names must be one Istio makes for this proxy, with TLS that verifies. */
export async function checkMeshUpstream(
  { object, upstream, options }: MeshSender,
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const collector = await collectorOf(options, wasm)
  if (!collector) return []
  const { cluster } = collector
  const [, port, host] = MESH_CLUSTER.exec(cluster) ?? []
  if (port === undefined || host === undefined) {
    return [
      object.finding(
        upstream,
        `upstream is ${cluster}`,
        "expected Istio's name of the cluster: outbound|443||api.moesif.net",
      ),
    ]
  }
  const target = entryFor(host, object, manifests) ?? manifests.service(host, object.namespace)
  if (!target || !portNumbers(target).includes(Number(port))) {
    // Without what could make the cluster among the files, it may well be elsewhere.
    const maker = manifests.hasServicesFor(host, object.namespace) ? 'Service' : 'ServiceEntry'
    if (!manifests.hasAny(maker)) return []
    return [
      object.finding(
        upstream,
        `no ServiceEntry or Service that this namespace sees has host ${host} and port ${port}: Istio makes no cluster ${cluster}`,
      ),
    ]
  }
  if (target.kind === 'Service') return []
  const rule = manifests
    .ofKind('DestinationRule')
    .find((one) => one.get(['spec', 'host']) === host && sees(object, one))
  if (rule) return [...checkEntry(target), ...checkRule(rule, collector.host)]
  return [
    ...checkEntry(target),
    object.finding(
      upstream,
      `no DestinationRule for ${host} that this namespace sees: events and application id would be sent in clear text`,
    ),
  ]
}

/** What leads to Moesif among the manifests. */
export const leadsToMoesif = (manifests: Manifests): boolean =>
  moesifEntries(manifests).length > 0 || moesifRules(manifests).length > 0

/** Checks what leads to Moesif, without a plugin that uses it. */
export function checkWayToMoesif(manifests: Manifests): Finding[] {
  return [
    ...moesifEntries(manifests).flatMap(checkEntry),
    ...moesifRules(manifests).flatMap((rule) => checkRule(rule, MOESIF)),
  ]
}

const moesifEntries = (manifests: Manifests): KubernetesObject[] =>
  manifests.ofKind('ServiceEntry').filter((entry) => entry.list(['spec', 'hosts']).includes(MOESIF))

const moesifRules = (manifests: Manifests): KubernetesObject[] =>
  manifests.ofKind('DestinationRule').filter((rule) => rule.get(['spec', 'host']) === MOESIF)

function entryFor(
  host: string,
  plugin: KubernetesObject,
  manifests: Manifests,
): KubernetesObject | undefined {
  return manifests
    .ofKind('ServiceEntry')
    .find((entry) => entry.list(['spec', 'hosts']).includes(host) && sees(plugin, entry))
}

function checkEntry(entry: KubernetesObject): Finding[] {
  const findings: Finding[] = []
  if (entry.get(['spec', 'resolution']) !== 'DNS') {
    findings.push(
      entry.finding(
        ['spec', 'resolution'],
        'resolution must be DNS: the host has no fixed address',
      ),
    )
  }
  if (!entry.list(['spec', 'exportTo']).includes('.')) {
    findings.push(
      entry.finding(
        ['spec', 'exportTo'],
        "exportTo ['.'] is missing: every application of the mesh that calls this host with https would get TLS in TLS",
      ),
    )
  }
  return findings
}

function checkRule(rule: KubernetesObject, expectedName: string): Finding[] {
  const findings: Finding[] = []
  const say = (field: string, message: string) =>
    findings.push(rule.finding([...TLS, field], message))
  const mode = rule.get([...TLS, 'mode'])
  if (mode !== 'SIMPLE') say('mode', `tls mode is ${mode ?? 'missing'}, expected SIMPLE`)
  const sni = rule.get([...TLS, 'sni'])
  if (sni !== expectedName) say('sni', `sni is ${sni ?? 'missing'}, expected ${expectedName}`)
  if (!rule.list([...TLS, 'subjectAltNames']).includes(expectedName)) {
    say(
      'subjectAltNames',
      `subjectAltNames does not hold ${expectedName}: with sni set, Istio checks no name without it`,
    )
  }
  if (rule.get([...TLS, 'insecureSkipVerify']) === true) {
    say('insecureSkipVerify', 'insecureSkipVerify accepts any certificate: leave it out')
  }
  const authority = rule.get([...TLS, 'caCertificates'])
  if (authority !== undefined && authority !== 'system') {
    say(
      'caCertificates',
      `caCertificates is ${authority}: api.moesif.net is signed by a public authority, leave it out`,
    )
  }
  return findings
}

/** Same namespace, or exported to all from elsewhere. */
function sees(plugin: KubernetesObject, object: KubernetesObject): boolean {
  const exported = object.list(['spec', 'exportTo'])
  return (
    object.namespace === plugin.namespace ||
    exported.length === 0 ||
    exported.includes('*') ||
    exported.includes(plugin.namespace)
  )
}
