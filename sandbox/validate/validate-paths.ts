import { checkEnvoyConfigurations } from './envoy/check-envoy-configuration.ts'
import { isEnvoyConfiguration } from './envoy/envoy-configuration.ts'
import { distinct, type Finding } from './finding.ts'
import { checkIstioManifests } from './kubernetes/check-istio-manifests.ts'
import { isKubernetes } from './kubernetes/kubernetes-object.ts'
import { judgeOptions } from './options/judge-options.ts'
import { optionsInFile } from './options/options-source.ts'
import { readPaths, type SourceFile } from './read-paths.ts'
import { ENVOY, KUBERNETES } from './yaml/dialect.ts'
import { readYaml, type YamlFile } from './yaml/read-yaml.ts'

/** What a file turned out to be. */
type Subject = 'plugin options' | 'Envoy configuration' | 'Istio manifests' | 'nothing known'

type Role = 'plugin' | 'way to Moesif' | 'none'

export interface Verdict {
  subjects: { file: string; subject: Subject }[]
  /** Each once for each place, in the order of files and lines. */
  findings: Finding[]
  /** What of Moesif is in the files: without a plugin, or options for it, nothing captures with them. */
  role: Role
}

/** Judges files and folders together: plugin options (JSON), Envoy configurations, Istio manifests. */
export async function validatePaths(paths: readonly string[], wasm: string): Promise<Verdict> {
  const { files, findings } = await readPaths(paths)
  const verdict = await validateFiles(files, wasm)
  const names = [...findings.map(({ place }) => place.file), ...files.map(({ file }) => file)]
  return { ...verdict, findings: distinct([...findings, ...verdict.findings], names) }
}

export async function validateFiles(files: readonly SourceFile[], wasm: string): Promise<Verdict> {
  const read = files.map(readFile)
  const of = (subject: Subject) => read.filter((file) => file.subject === subject)
  const documentsOf = (subject: Subject) => of(subject).flatMap(({ documents }) => documents)
  const manifests = documentsOf('Istio manifests')
  const configurations = documentsOf('Envoy configuration')

  const options = await Promise.all(
    of('plugin options').map(
      async ({ file, text }) => await judgeOptions(optionsInFile(file, text), wasm),
    ),
  )
  const judged = await checkIstioManifests(manifests, wasm)
  const envoy =
    configurations.length > 0 ? await checkEnvoyConfigurations(configurations, wasm) : []

  return {
    subjects: read.map(({ file, subject }) => ({ file, subject })),
    role: options.length > 0 || configurations.length > 0 ? 'plugin' : judged.role,
    findings: distinct(
      [...read.flatMap((file) => file.findings), ...options.flat(), ...judged.findings, ...envoy],
      files.map(({ file }) => file),
    ),
  }
}

interface ReadFile extends SourceFile, YamlFile {
  subject: Subject
}

/** Each text as the program reads it that it is for. */
function readFile({ file, text }: SourceFile): ReadFile {
  const asManifests = readYaml(file, text, KUBERNETES)
  if (asManifests.documents.some(isKubernetes)) {
    return { ...asManifests, text, subject: 'Istio manifests' }
  }
  const asEnvoy = readYaml(file, text, ENVOY)
  if (asEnvoy.documents.some(isEnvoyConfiguration)) {
    return { ...asEnvoy, text, subject: 'Envoy configuration' }
  }
  const isJson = /\.json$/i.test(file) || /^\s*(?:\{(?!\{)|\[)/.test(text)
  if (isJson) return { file, text, documents: [], findings: [], subject: 'plugin options' }
  return { ...asEnvoy, text, subject: 'nothing known', findings: unknown(asEnvoy) }
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
