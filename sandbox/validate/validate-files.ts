import { classify, concernsUs, type Subject } from './classify.ts'
import { checkEnvoyConfigurations, noFilter } from './envoy/check-envoy-configuration.ts'
import { discoversFilters } from './envoy/envoy-configuration.ts'
import { findFilters } from './envoy/find-filters.ts'
import { distinct, type Finding } from './finding.ts'
import { checkIstioManifests } from './kubernetes/check-istio-manifests.ts'
import { filesInConfigMaps } from './kubernetes/config-maps.ts'
import { judgeOptions } from './options/judge-options.ts'
import { optionsOfPlugins } from './kubernetes/check-wasm-plugins.ts'
import { optionsInFile, type OptionsSource } from './options/options-source.ts'
import type { SourceFile } from './read-paths.ts'
import type { YamlDocument } from './yaml/yaml-document.ts'

type Role = 'plugin' | 'way to Moesif' | 'none'

export interface Verdict {
  subjects: { file: string; subject: Subject }[]
  /** Each once for each place, in the order of files and lines. */
  findings: Finding[]
  /** The options documents of all plugins, as they get them. */
  options: OptionsSource[]
  /** What of Moesif is in the files: without a plugin, or options for it, nothing captures with them. */
  role: Role
}

/** Judges texts that are given together. */
export async function validateFiles(files: readonly SourceFile[], wasm: string): Promise<Verdict> {
  const read = files.map(classify).filter(concernsUs)
  const of = (subject: Subject) => read.filter((file) => file.subject === subject)
  const documentsOf = (subject: Subject) => of(subject).flatMap(({ documents }) => documents)

  const options = await Promise.all(
    of('plugin options').map(
      async ({ file, text }) => await judgeOptions(optionsInFile(file, text), wasm),
    ),
  )
  const manifests = await checkIstioManifests(documentsOf('Istio manifests'), wasm)
  const held = await validateHeld(documentsOf('Istio manifests'), wasm)
  const configurations = of('Envoy configuration')
  const bare = configurations.filter(({ documents }) => documents.every(hasNoFilter))
  const hasPlugin = options.length > 0 || bare.length < configurations.length || held.hasPlugin
  const role = hasPlugin ? 'plugin' : manifests.role
  // Beside a plugin, a file found in a folder may belong to another application, and a file of clusters has no filter.
  const lacking = bare.filter(
    ({ isFound, documents }) =>
      role === 'none' ||
      (!isFound &&
        documents.some((one) => one.has('static_resources')) &&
        !documents.some(discoversFilters)),
  )
  return {
    subjects: read.map(({ file, subject }) => ({ file, subject })),
    options: [
      ...of('plugin options').map(({ file, text }) => optionsInFile(file, text)),
      ...documentsOf('Envoy configuration').flatMap(optionsInFilters),
      ...optionsOfPlugins(documentsOf('Istio manifests')),
      ...held.options,
    ],
    role,
    findings: distinct(
      [
        ...read.flatMap((file) => file.findings),
        ...options.flat(),
        ...manifests.findings,
        ...held.findings,
        ...(await checkEnvoyConfigurations(documentsOf('Envoy configuration'), wasm)),
        ...lacking.flatMap(({ documents }) => documents.slice(0, 1).map(noFilter)),
      ],
      files.map(({ file }) => file),
    ),
  }
}

/** The files within ConfigMaps. */
async function validateHeld(
  manifests: readonly YamlDocument[],
  wasm: string,
): Promise<{ findings: Finding[]; options: OptionsSource[]; hasPlugin: boolean }> {
  const judged = await Promise.all(
    filesInConfigMaps(manifests).map(async (files) => {
      const { findings, options, role } = await validateFiles(files, wasm)
      const outward = new Map(files.map((held) => [held.file, held.outward]))
      return {
        findings: findings.map((finding) => outward.get(finding.place.file)?.(finding) ?? finding),
        options,
        hasPlugin: role === 'plugin',
      }
    }),
  )
  return {
    findings: judged.flatMap(({ findings }) => findings),
    options: judged.flatMap(({ options }) => options),
    hasPlugin: judged.some(({ hasPlugin }) => hasPlugin),
  }
}

const hasNoFilter = (document: YamlDocument): boolean => findFilters(document).length === 0

const optionsInFilters = (document: YamlDocument): OptionsSource[] =>
  findFilters(document).flatMap(({ options }) => options ?? [])
