import { isEnvoyConfiguration } from './envoy/envoy-configuration.ts'
import type { Finding } from './finding.ts'
import { isKubernetes } from './kubernetes/kubernetes-object.ts'
import type { SourceFile } from './read-paths.ts'
import { ENVOY, KUBERNETES } from './yaml/dialect.ts'
import { readYaml, type YamlFile } from './yaml/read-yaml.ts'

/** The kind of a file. */
export type Subject = 'plugin options' | 'Envoy configuration' | 'Istio manifests' | 'nothing known'

export interface ClassifiedFile extends SourceFile, YamlFile {
  subject: Subject
}

/** Each text as the program reads it that it is for. */
export function classify(source: SourceFile): ClassifiedFile {
  const { file, text } = source
  const asManifests = readYaml(file, text, KUBERNETES)
  if (asManifests.documents.some(isKubernetes)) {
    return { ...source, ...asManifests, subject: 'Istio manifests' }
  }
  const asEnvoy = readYaml(file, text, ENVOY)
  if (asEnvoy.documents.some(isEnvoyConfiguration)) {
    return { ...source, ...asEnvoy, subject: 'Envoy configuration' }
  }
  const isJson = /\.json$/i.test(file) || /^\s*(?:\{(?!\{)|\[)/.test(text)
  if (isJson) return { ...source, documents: [], findings: [], subject: 'plugin options' }
  return { ...source, ...asEnvoy, subject: 'nothing known', findings: unknown(asEnvoy) }
}

function unknown({ file, findings }: YamlFile): Finding[] {
  if (findings.length > 0) return findings
  return [
    {
      severity: 'error',
      place: { file, line: 1, column: 1, path: [] },
      message:
        'is neither plugin options (JSON), nor an Envoy configuration, nor Kubernetes manifests',
    },
  ]
}

/** Of what was found in a folder: whatever is neither for Envoy nor for Kubernetes, and does not name Moesif, is not. */
export const concernsUs = ({ isFound = false, subject, text }: ClassifiedFile): boolean =>
  !isFound ||
  subject === 'Envoy configuration' ||
  subject === 'Istio manifests' ||
  /moesif/i.test(text)
