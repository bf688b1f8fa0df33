import type { Finding } from '../finding.ts'
import type { SourceFile } from '../read-paths.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { objectsIn, type KubernetesObject } from './kubernetes-object.ts'

/** A file that a ConfigMap holds, as a configuration of Envoy's often is. */
interface HeldFile extends SourceFile {
  /** A finding in it, at its place in the manifest. */
  outward: (finding: Finding) => Finding
}

/** The files of ConfigMaps that have to do with Moesif, those of one ConfigMap together. */
export function filesInConfigMaps(documents: readonly YamlDocument[]): HeldFile[][] {
  return documents
    .flatMap((document) => objectsIn(document))
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(heldFiles)
    .filter((files) => files.some(({ text }) => /moesif/i.test(text)))
}

function heldFiles(object: KubernetesObject): HeldFile[] {
  return Object.entries(object.labels(['data'])).flatMap(([name, text]): HeldFile[] => {
    if (typeof text !== 'string') return []
    const path = object.path(['data', name])
    const { file } = object.place([])
    return [
      {
        file: `${file}: ${name}`,
        text,
        isFound: true,
        outward: (finding) => {
          const { line, column, path: within } = finding.place
          const place = object.document.placeInText(path, offsetOf(text, line, column))
          return { ...finding, place: { ...place, path: [...place.path, ...within] } }
        },
      },
    ]
  })
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
}
