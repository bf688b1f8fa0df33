import type { Finding, Place } from '../finding.ts'
import { at, isObject, listAt, textAt, type Path } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'

export type Labels = Readonly<Record<string, unknown>>

/** One Kubernetes object: a document of a file, or an item of a `List`. */
export class KubernetesObject {
  readonly document: YamlDocument
  readonly #root: Path

  constructor(document: YamlDocument, root: Path = []) {
    this.document = document
    this.#root = root
  }

  get kind(): string {
    return this.text(['kind']) ?? ''
  }

  get apiVersion(): string {
    return this.text(['apiVersion']) ?? ''
  }

  /** Of the API: two groups have a kind `Gateway`. */
  get group(): string {
    return this.apiVersion.includes('/') ? (this.apiVersion.split('/')[0] ?? '') : ''
  }

  get name(): string {
    return this.text(['metadata', 'name']) ?? ''
  }

  get namespace(): string {
    return this.text(['metadata', 'namespace']) ?? 'default'
  }

  get content(): unknown {
    return this.document.get(this.#root)
  }

  get(path: Path): unknown {
    return at(this.content, path)
  }

  text(path: Path): string | undefined {
    return textAt(this.content, path)
  }

  list(path: Path): unknown[] {
    return listAt(this.content, path)
  }

  labels(path: Path): Labels {
    const labels = this.get(path)
    return isObject(labels) ? labels : {}
  }

  /** The path in the document of a path in the object. */
  path(path: Path): Path {
    return [...this.#root, ...path]
  }

  place(path: Path): Place {
    return this.document.place(this.path(path))
  }

  finding(path: Path, message: string, remedy?: string): Finding {
    return this.document.finding(this.path(path), this.#sentence(message), remedy)
  }

  warning(path: Path, message: string, remedy?: string): Finding {
    return this.document.warning(this.path(path), this.#sentence(message), remedy)
  }

  #sentence(message: string): string {
    return `${this.kind} ${this.namespace}/${this.name}: ${message}`
  }
}

/** The objects of a document: itself, or the items of a `List`, a list in a list included. */
export function objectsIn(document: YamlDocument, root: Path = []): KubernetesObject[] {
  const object = new KubernetesObject(document, root)
  const items = object.get(['items'])
  if (!object.kind.endsWith('List') || !Array.isArray(items)) return [object]
  return items.flatMap((_, index) => objectsIn(document, [...root, 'items', index]))
}

export const isKubernetes = (document: YamlDocument): boolean =>
  document.text(['apiVersion']) !== undefined && document.text(['kind']) !== undefined
