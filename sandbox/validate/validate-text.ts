import { checkEnvoy } from './check-envoy.ts'
import { checkFilterOptions } from './check-filter-options.ts'
import { checkIstio, isIstio } from './check-istio.ts'
import { error, type Finding } from './finding.ts'
import { jsonSyntaxError } from './json-syntax.ts'
import { isObject } from './objects.ts'
import { parsePositionedYaml } from './positioned-yaml.ts'

/** What a file turned out to be. */
export type Subject = 'plugin options' | 'Envoy configuration' | 'Istio manifests'

export interface Verdict {
  subject: Subject
  findings: Finding[]
}

/** Judges plugin options (JSON), an Envoy configuration, or Istio manifests, whichever the text is. */
export async function validateText(text: string, wasm: string): Promise<Verdict> {
  const { documents, syntaxError } = parsePositionedYaml(text)
  const looksLikeJson = /^\s*[{[]/.test(text)
  if (syntaxError && !looksLikeJson) {
    return {
      subject: 'Envoy configuration',
      findings: [error(syntaxError.line, `not YAML: ${syntaxError.message}`)],
    }
  }
  if (!syntaxError && isIstio(documents)) {
    return { subject: 'Istio manifests', findings: await checkIstio(documents, wasm) }
  }
  const [document] = documents
  if (
    !syntaxError &&
    document &&
    isObject(document.value) &&
    'static_resources' in document.value
  ) {
    return { subject: 'Envoy configuration', findings: await checkEnvoy(document, wasm) }
  }
  return { subject: 'plugin options', findings: await checkOptionsText(text, wasm) }
}

async function checkOptionsText(text: string, wasm: string): Promise<Finding[]> {
  const syntaxError = jsonSyntaxError(text)
  if (syntaxError) {
    const line = Number(/^line (\d+)/.exec(syntaxError)?.[1] ?? 1)
    return [error(line, syntaxError)]
  }
  const lineOf = (option?: string): number => {
    const at = option === undefined ? -1 : text.indexOf(`"${option}"`)
    return at === -1 ? 1 : text.slice(0, at).split('\n').length
  }
  return await checkFilterOptions({ path: [], config: {}, optionsText: text, line: lineOf }, wasm)
}
