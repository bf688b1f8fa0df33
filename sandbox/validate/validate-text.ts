import { checkEnvoyConfiguration } from '../deployment/check-envoy-configuration.ts'
import { checkIstioManifests } from '../deployment/check-istio-manifests.ts'
import { readYaml, type YamlDocument } from '../deployment/yaml-file.ts'
import { askPlugin, type Remark } from './ask-plugin.ts'
import { findEnvoyFilters, findWasmPlugin, lineWithin, type FoundFilter } from './find-filters.ts'

export interface Verdict {
  /** What the file turned out to be. */
  subject: 'plugin options' | 'Envoy configuration' | 'Istio manifests'
  remarks: Remark[]
}

/** Judges plugin options (JSON), an Envoy configuration, or Istio manifests, whichever the text is. */
export async function validateText(file: string, text: string, wasm: string): Promise<Verdict> {
  const { documents, findings } = readYaml(file, text)
  const asErrors = (found: typeof findings) =>
    found.map(({ line, message }): Remark => ({ severity: 'error', line, message }))
  if (documents.some(isKubernetes)) {
    const plugins = documents.flatMap((document) => findWasmPlugin(document) ?? [])
    return {
      subject: 'Istio manifests',
      remarks: [
        ...asErrors(checkIstioManifests([{ file, text }])),
        ...(await remarksOfPlugin(plugins, wasm)),
      ],
    }
  }
  if (documents.some(isEnvoy)) {
    return {
      subject: 'Envoy configuration',
      remarks: [
        ...asErrors(checkEnvoyConfiguration(file, text)),
        ...(await remarksOfPlugin(documents.flatMap(findEnvoyFilters), wasm)),
      ],
    }
  }
  if (/\.ya?ml$/.test(file) && findings.length > 0) {
    return { subject: 'Envoy configuration', remarks: asErrors(findings) }
  }
  return {
    subject: 'plugin options',
    remarks: await askPlugin(text, wasm, (option) => 1 + lineWithin(text, option)),
  }
}

/** @note what the structure's checks say already (an unknown or missing option) is left to them. */
async function remarksOfPlugin(filters: FoundFilter[], wasm: string): Promise<Remark[]> {
  const judged = await Promise.all(
    filters.map(({ optionsText, line }) =>
      optionsText === undefined ? [] : askPlugin(optionsText, wasm, line),
    ),
  )
  return judged.flat().filter(({ message }) => !/is not known|is missing/.test(message))
}

const isKubernetes = (document: YamlDocument): boolean =>
  document.text(['apiVersion']) !== undefined && document.text(['kind']) !== undefined

const isEnvoy = (document: YamlDocument): boolean =>
  document.get(['static_resources']) !== undefined
