import { distinct } from './finding.ts'
import { readPaths } from './read-paths.ts'
import { validateFiles, type Verdict } from './validate-files.ts'

/** Judges files and folders together: plugin options (JSON), Envoy configurations, Istio manifests. */
export async function validatePaths(paths: readonly string[], wasm: string): Promise<Verdict> {
  const { files, findings } = await readPaths(paths)
  const verdict = await validateFiles(files, wasm)
  const names = [...findings.map(({ place }) => place.file), ...files.map(({ file }) => file)]
  return { ...verdict, findings: distinct([...findings, ...verdict.findings], names) }
}
