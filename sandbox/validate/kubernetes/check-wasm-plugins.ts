import type { Finding } from '../finding.ts'
import { judgeOptions } from '../options/judge-options.ts'
import { optionsInObject, type OptionsSource } from '../options/options-source.ts'
import { isObject } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { Attachment } from './attachment.ts'
import { checkAttachment } from './check-attachment.ts'
import { checkDownload } from './check-download.ts'
import { checkMeshUpstream } from './check-mesh-upstream.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { Manifests } from './manifests.ts'

const CONFIG = ['spec', 'pluginConfig']

/** The Moesif plugins among the manifests. Plugins of other vendors are ignored. */
export const moesifPlugins = (manifests: Manifests): KubernetesObject[] =>
  manifests.ofKind('WasmPlugin').filter(({ content }) => /moesif/i.test(JSON.stringify(content)))

/** The options documents of the Moesif plugins in manifests. */
export const optionsOfPlugins = (documents: readonly YamlDocument[]): OptionsSource[] =>
  moesifPlugins(new Manifests(documents))
    .filter((plugin) => isObject(plugin.get(CONFIG)))
    .map(optionsOf)

const optionsOf = (plugin: KubernetesObject): OptionsSource =>
  optionsInObject(plugin.document, plugin.path(CONFIG))

export async function checkWasmPlugins(manifests: Manifests, wasm: string): Promise<Finding[]> {
  const plugins = moesifPlugins(manifests)
  const findings = plugins.map(async (plugin) => [
    ...checkDownload(plugin),
    ...(await checkOptions(plugin, manifests, wasm)),
    ...checkAttachment(plugin, manifests),
  ])
  return [...(await Promise.all(findings)).flat(), ...checkLoggedTwice(plugins, manifests)]
}

async function checkOptions(
  plugin: KubernetesObject,
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const options = plugin.get(CONFIG)
  if (!isObject(options) || Object.keys(options).length === 0) {
    return [plugin.finding(CONFIG, 'there is no pluginConfig: nothing would be captured')]
  }
  const source = optionsOf(plugin)
  return [
    ...(await judgeOptions(source, wasm)),
    ...(await checkMeshUpstream(
      { object: plugin, upstream: [...CONFIG, 'upstream'], options: source.text },
      manifests,
      wasm,
    )),
  ]
}

/** A call must pass one logging proxy, and there one plugin. */
function checkLoggedTwice(plugins: KubernetesObject[], manifests: Manifests): Finding[] {
  const attachments = plugins.map((plugin) => new Attachment(plugin, manifests))
  const [gateway, ...others] = attachments.filter(({ isOnGateway }) => isOnGateway)
  if (!gateway) return []
  const { name, namespace } = gateway.plugin
  const sidecars = attachments
    .filter(({ isOnGateway, isServerOnly }) => !isOnGateway && isServerOnly)
    .map(({ plugin }) =>
      plugin.finding(
        ['spec', 'match'],
        `calls through the gateway are logged by ${name} already`,
        'Keep one of the two',
      ),
    )
  const again = others
    .filter(({ plugin }) => plugin.name !== name || plugin.namespace !== namespace)
    .filter((other) => JSON.stringify(other.reach) === JSON.stringify(gateway.reach))
    .map(({ plugin }) =>
      plugin.warning(
        ['metadata', 'name'],
        `the same gateway is logged by ${name} already`,
        'Keep one, unless each sends to an account of its own',
      ),
    )
  return [...sidecars, ...again]
}
