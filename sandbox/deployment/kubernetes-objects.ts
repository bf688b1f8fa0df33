import { at, readYaml, type Path, type YamlDocument } from './yaml-file.ts'
import type { Finding } from './finding.ts'

export type Labels = Readonly<Record<string, string>>

/** One Kubernetes object, with the file it stands in. */
export class KubernetesObject {
  readonly document: YamlDocument

  constructor(document: YamlDocument) {
    this.document = document
  }

  get kind(): string {
    return this.document.text(['kind']) ?? ''
  }

  get apiVersion(): string {
    return this.document.text(['apiVersion']) ?? ''
  }

  get name(): string {
    return this.document.text(['metadata', 'name']) ?? ''
  }

  get namespace(): string {
    return this.document.text(['metadata', 'namespace']) ?? 'default'
  }

  labels(path: Path): Labels {
    return (this.document.get(path) ?? {}) as Labels
  }

  finding(path: Path, message: string): Finding {
    return this.document.finding(path, `${this.kind} ${this.namespace}/${this.name}: ${message}`)
  }
}

/** What a set of manifests puts into the cluster. */
export class Manifests {
  readonly objects: KubernetesObject[]

  constructor(objects: KubernetesObject[]) {
    this.objects = objects
  }

  static read(files: readonly { file: string; text: string }[]): {
    manifests: Manifests
    findings: Finding[]
  } {
    const read = files.map(({ file, text }) => readYaml(file, text))
    const documents = read.flatMap((one) => one.documents)
    return {
      manifests: new Manifests(documents.map((document) => new KubernetesObject(document))),
      findings: read.flatMap((one) => one.findings),
    }
  }

  ofKind(kind: string): KubernetesObject[] {
    return this.objects.filter((object) => object.kind === kind)
  }

  /** Whether one of these kinds is among the files; what they lack altogether may be in others. */
  hasAny(...kinds: string[]): boolean {
    return this.objects.some((object) => kinds.includes(object.kind))
  }

  /** The Service that a host name means when it is used in `namespace`. */
  service(host: string, namespace: string): KubernetesObject | undefined {
    const [name, place = namespace] = host.replace(/\.svc\.cluster\.local$/, '').split('.')
    return this.ofKind('Service').find(
      (service) => service.name === name && service.namespace === place,
    )
  }
}

export const includes = (labels: Labels, selector: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value)

export const portNumbers = (object: KubernetesObject): unknown[] =>
  object.document.list(['spec', 'ports']).map((port) => at(port, ['port']) ?? at(port, ['number']))
