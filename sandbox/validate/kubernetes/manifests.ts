import type { YamlDocument } from '../yaml/yaml-document.ts'
import { at } from '../path.ts'
import { groupOf } from './api-versions.ts'
import { objectsIn, type KubernetesObject, type Labels } from './kubernetes-object.ts'

/** What runs pods: their labels are what selectors choose by. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod']

/** What a set of manifests puts into the cluster. */
export class Manifests {
  readonly objects: readonly KubernetesObject[]

  constructor(documents: readonly YamlDocument[]) {
    this.objects = documents.flatMap((document) => objectsIn(document))
  }

  /** Objects of a kind, in the API group that this project means by it. */
  ofKind(kind: string, group: string | undefined = groupOf(kind)): KubernetesObject[] {
    return this.objects.filter(
      (object) => object.kind === kind && (group === undefined || object.group === group),
    )
  }

  /** Whether one of these kinds is among the files; what they lack altogether may be in others. */
  hasAny(...kinds: string[]): boolean {
    return kinds.some((kind) => this.ofKind(kind).length > 0)
  }

  get workloads(): Workload[] {
    return WORKLOADS.flatMap((kind) => this.ofKind(kind)).map((object) => ({
      object,
      labels: object.labels(
        object.kind === 'Pod' ? ['metadata', 'labels'] : ['spec', 'template', 'metadata', 'labels'],
      ),
      containers: object.list(
        object.kind === 'Pod' ? ['spec', 'containers'] : ['spec', 'template', 'spec', 'containers'],
      ),
    }))
  }

  /** The Service that a host name means when it is used in `namespace`. */
  service(host: string, namespace: string): KubernetesObject | undefined {
    const [name, place = namespace] = host.replace(/\.svc\.cluster\.local$/, '').split('.')
    return this.ofKind('Service').find(
      (service) => service.name === name && service.namespace === place,
    )
  }

  /** Whether the namespace that a host name means has a Service among the files; false for a host outside of the cluster. */
  hasServicesFor(host: string, namespace: string): boolean {
    const [, place = namespace, ...more] = host.replace(/\.svc\.cluster\.local$/, '').split('.')
    return (
      more.length === 0 && this.ofKind('Service').some((service) => service.namespace === place)
    )
  }
}

export interface Workload {
  object: KubernetesObject
  /** Of its pods. */
  labels: Labels
  containers: unknown[]
}

export const includes = (labels: Labels, selector: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value)

export const portNumbers = (object: KubernetesObject): unknown[] =>
  object.list(['spec', 'ports']).map((port) => at(port, ['port']) ?? at(port, ['number']))
