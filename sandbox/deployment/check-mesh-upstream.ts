import type { Finding } from './finding.ts'
import { portNumbers, type KubernetesObject, type Manifests } from './kubernetes-objects.ts'
import { collectorHost } from './plugin-options.ts'

const MOESIF = 'api.moesif.net'
const UPSTREAM = ['spec', 'pluginConfig', 'upstream']
const TLS = ['spec', 'trafficPolicy', 'tls']

/** The cluster that the option `upstream` names must be one Istio makes for this proxy, with TLS that verifies. */
export function checkMeshUpstream(plugin: KubernetesObject, manifests: Manifests): Finding[] {
  const upstream = plugin.document.text(UPSTREAM) ?? ''
  const [, port, host] = /^outbound\|(\d+)\|\|(.+)$/.exec(upstream) ?? []
  if (port === undefined || host === undefined) {
    return [
      plugin.finding(
        UPSTREAM,
        `upstream is ${upstream || 'missing'}, expected Istio's name of the cluster: outbound|443||api.moesif.net`,
      ),
    ]
  }
  const target = entryFor(host, plugin, manifests) ?? manifests.service(host, plugin.namespace)
  if (!target || !portNumbers(target).includes(Number(port))) {
    if (!manifests.hasAny('ServiceEntry', 'Service')) return []
    return [
      plugin.finding(
        UPSTREAM,
        `no ServiceEntry or Service that this namespace sees has host ${host} and port ${port}: Istio makes no cluster ${upstream}`,
      ),
    ]
  }
  if (target.kind === 'Service') return []
  const options = plugin.document.get(['spec', 'pluginConfig']) as Record<string, unknown>
  const rule = manifests
    .ofKind('DestinationRule')
    .find((one) => one.document.get(['spec', 'host']) === host && sees(plugin, one))
  if (rule) return [...checkEntry(target), ...checkRule(rule, collectorHost(options))]
  return [
    ...checkEntry(target),
    plugin.finding(
      UPSTREAM,
      `no DestinationRule for ${host} that this namespace sees: events and application id would travel in clear text`,
    ),
  ]
}

/** Files that lead to Moesif, without the plugin that will use them. */
export function checkRoadToMoesif(manifests: Manifests): Finding[] {
  if (manifests.hasAny('WasmPlugin')) return []
  const entries = manifests
    .ofKind('ServiceEntry')
    .filter((entry) => entry.document.list(['spec', 'hosts']).includes(MOESIF))
  const rules = manifests
    .ofKind('DestinationRule')
    .filter((rule) => rule.document.get(['spec', 'host']) === MOESIF)
  return [...entries.flatMap(checkEntry), ...rules.flatMap((rule) => checkRule(rule, MOESIF))]
}

function entryFor(
  host: string,
  plugin: KubernetesObject,
  manifests: Manifests,
): KubernetesObject | undefined {
  return manifests
    .ofKind('ServiceEntry')
    .find((entry) => entry.document.list(['spec', 'hosts']).includes(host) && sees(plugin, entry))
}

function checkEntry(entry: KubernetesObject): Finding[] {
  const findings: Finding[] = []
  if (entry.document.get(['spec', 'resolution']) !== 'DNS') {
    findings.push(
      entry.finding(
        ['spec', 'resolution'],
        'resolution must be DNS: the host has no fixed address',
      ),
    )
  }
  if (!entry.document.list(['spec', 'exportTo']).includes('.')) {
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
  const mode = rule.document.get([...TLS, 'mode'])
  if (mode !== 'SIMPLE') say('mode', `tls mode is ${mode ?? 'missing'}, expected SIMPLE`)
  const sni = rule.document.get([...TLS, 'sni'])
  if (sni !== expectedName) say('sni', `sni is ${sni ?? 'missing'}, expected ${expectedName}`)
  if (!rule.document.list([...TLS, 'subjectAltNames']).includes(expectedName)) {
    say(
      'subjectAltNames',
      `subjectAltNames does not hold ${expectedName}: with sni set, Istio checks no name without it`,
    )
  }
  if (rule.document.get([...TLS, 'insecureSkipVerify']) === true) {
    say('insecureSkipVerify', 'insecureSkipVerify accepts any certificate: leave it out')
  }
  const authority = rule.document.get([...TLS, 'caCertificates'])
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
  const exported = object.document.list(['spec', 'exportTo'])
  return (
    object.namespace === plugin.namespace ||
    exported.length === 0 ||
    exported.includes('*') ||
    exported.includes(plugin.namespace)
  )
}
