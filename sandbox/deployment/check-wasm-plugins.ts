import { checkMeshUpstream } from './check-mesh-upstream.ts'
import type { Finding } from './finding.ts'
import { includes, type KubernetesObject, type Manifests } from './kubernetes-objects.ts'
import { optionRemarks } from './plugin-options.ts'
import { at } from './yaml-file.ts'

const SELECTOR = ['spec', 'selector', 'matchLabels']
const CONFIG = ['spec', 'pluginConfig']

export function checkWasmPlugins(manifests: Manifests): Finding[] {
  const plugins = manifests.ofKind('WasmPlugin')
  return [
    ...plugins.flatMap((plugin) => [
      ...checkDownload(plugin),
      ...checkOptions(plugin),
      ...checkAttachment(plugin, manifests),
      ...checkMeshUpstream(plugin, manifests),
    ]),
    ...checkLoggedTwice(plugins, manifests),
  ]
}

function checkDownload(plugin: KubernetesObject): Finding[] {
  const findings: Finding[] = []
  if (plugin.document.text(['spec', 'failStrategy']) !== 'FAIL_OPEN') {
    findings.push(
      plugin.finding(
        ['spec', 'failStrategy'],
        'set failStrategy: FAIL_OPEN, or a failed download answers 403 to all traffic',
      ),
    )
  }
  const url = plugin.document.text(['spec', 'url']) ?? ''
  const pinned =
    url.startsWith('file://') ||
    /@sha256:[0-9a-f]{64}$/.test(url) ||
    /^[0-9a-f]{64}$/.test(plugin.document.text(['spec', 'sha256']) ?? '')
  if (!pinned) {
    findings.push(
      plugin.finding(
        ['spec', 'url'],
        `${url || 'no url'}: name the module by digest (oci://…@sha256:…, or https:// and sha256)`,
      ),
    )
  }
  return findings
}

function checkOptions(plugin: KubernetesObject): Finding[] {
  const options = plugin.document.get(CONFIG)
  if (typeof options !== 'object' || options === null) {
    return [plugin.finding(CONFIG, 'there is no pluginConfig: nothing would be captured')]
  }
  return optionRemarks(options as Record<string, unknown>).map(({ option, message }) =>
    plugin.finding(option === undefined ? CONFIG : [...CONFIG, option], message),
  )
}

/** Whether it reaches a gateway or a workload, and there one side only. */
function checkAttachment(plugin: KubernetesObject, manifests: Manifests): Finding[] {
  // Without the kind it is meant for among the files, there is nothing to compare the selector with.
  if (!manifests.hasAny(plugin.namespace === 'istio-system' ? 'Gateway' : 'Deployment')) return []
  const onGateway = reachesGateway(plugin, manifests)
  if (!onGateway && !reachesWorkload(plugin, manifests)) {
    return [
      plugin.finding(
        SELECTOR,
        "the selector matches neither a workload of this namespace nor a Gateway's selector (gateways: namespace istio-system)",
      ),
    ]
  }
  const mode = modeOf(plugin)
  if (onGateway && mode === 'SERVER') {
    return [plugin.finding(['spec', 'match'], 'mode SERVER does not attach to a gateway')]
  }
  if (!onGateway && mode !== 'SERVER' && mode !== 'CLIENT') {
    return [
      plugin.finding(
        ['spec', 'match'],
        'on a sidecar say mode SERVER (what it is called with) or CLIENT (what it calls), or both are logged',
      ),
    ]
  }
  return []
}

function checkLoggedTwice(plugins: KubernetesObject[], manifests: Manifests): Finding[] {
  const gateway = plugins.find((plugin) => reachesGateway(plugin, manifests))
  if (!gateway) return []
  return plugins
    .filter((plugin) => !reachesGateway(plugin, manifests) && modeOf(plugin) === 'SERVER')
    .map((plugin) =>
      plugin.finding(
        ['spec', 'match'],
        `calls through the gateway are logged by ${gateway.name} already: keep one of the two`,
      ),
    )
}

const modeOf = (plugin: KubernetesObject): unknown =>
  plugin.document.get(['spec', 'match', 0, 'mode'])

function reachesGateway(plugin: KubernetesObject, manifests: Manifests): boolean {
  return (
    plugin.namespace === 'istio-system' &&
    manifests
      .ofKind('Gateway')
      .some((gateway) => includes(gateway.labels(['spec', 'selector']), plugin.labels(SELECTOR)))
  )
}

function reachesWorkload(plugin: KubernetesObject, manifests: Manifests): boolean {
  return manifests
    .ofKind('Deployment')
    .some(
      (workload) =>
        [workload.namespace, 'istio-system'].includes(plugin.namespace) &&
        includes(
          at(workload.document.content, ['spec', 'template', 'metadata', 'labels']) as Record<
            string,
            string
          >,
          plugin.labels(SELECTOR),
        ),
    )
}
