import { at, textAt } from '../path.ts'
import type { KubernetesObject, Labels } from './kubernetes-object.ts'
import { includes, type Manifests, type Workload } from './manifests.ts'

/** Istio's default: resources in this namespace are for the whole mesh. */
export const ROOT_NAMESPACE = 'istio-system'

export const SELECTOR = ['spec', 'selector', 'matchLabels']

export type Mode = 'CLIENT' | 'SERVER' | 'BOTH'

/** Which proxies a WasmPlugin runs on, as far as the manifests say. */
export class Attachment {
  readonly plugin: KubernetesObject
  readonly #manifests: Manifests

  constructor(plugin: KubernetesObject, manifests: Manifests) {
    this.plugin = plugin
    this.#manifests = manifests
  }

  get labels(): Labels {
    return this.plugin.labels(SELECTOR)
  }

  get targets(): unknown[] {
    return [
      ...this.plugin.list(['spec', 'targetRefs']),
      this.plugin.get(['spec', 'targetRef']),
    ].filter((target) => target !== undefined)
  }

  /** Nothing is selected: every proxy of the namespace, or of the mesh. */
  get isEverywhere(): boolean {
    return Object.keys(this.labels).length === 0 && this.targets.length === 0
  }

  /** Which sides of a proxy its `match` lets through; without one, both. */
  get modes(): Mode[] {
    const selectors = this.plugin.list(['spec', 'match'])
    if (selectors.length === 0) return ['BOTH']
    return selectors.map((selector) => {
      const mode = textAt(selector, ['mode'])
      return mode === 'CLIENT' || mode === 'SERVER' ? mode : 'BOTH'
    })
  }

  /** What selects its proxies. */
  get reach(): unknown {
    return [this.labels, this.targets]
  }

  get isServerOnly(): boolean {
    return this.modes.every((mode) => mode === 'SERVER')
  }

  /** Every entry of `match` names one side, and all name the same. */
  get isOneSided(): boolean {
    return new Set(this.modes).size === 1 && !this.modes.includes('BOTH')
  }

  /** Ports that `match` restricts it to. */
  get ports(): unknown[] {
    return this.plugin
      .list(['spec', 'match'])
      .flatMap((selector) => (at(selector, ['ports']) as unknown[] | undefined) ?? [])
      .map((port) => at(port, ['number']))
  }

  /** A gateway of the manifests, or one by the labels that Istio's charts give to gateways. */
  get isOnGateway(): boolean {
    return this.isOnGatewayOfManifests || (!this.isOnWorkload && this.looksLikeGateway)
  }

  get isOnGatewayOfManifests(): boolean {
    if (this.targets.some(isGatewayReference)) return true
    return (
      this.plugin.namespace === ROOT_NAMESPACE &&
      this.targets.length === 0 &&
      this.#manifests
        .ofKind('Gateway')
        .some((gateway) => includes(gateway.labels(['spec', 'selector']), this.labels))
    )
  }

  get isOnWorkload(): boolean {
    return (
      this.targets.some((target) => !isGatewayReference(target)) ||
      (this.targets.length === 0 && this.workloads.length > 0)
    )
  }

  /** Workloads of the manifests that its selector selects. */
  get workloads(): Workload[] {
    return this.#manifests.workloads.filter(
      ({ object, labels }) =>
        [object.namespace, ROOT_NAMESPACE].includes(this.plugin.namespace) &&
        includes(labels, this.labels),
    )
  }

  get looksLikeGateway(): boolean {
    return Object.entries(this.labels).some(
      ([name, value]) =>
        name === 'gateway.networking.k8s.io/gateway-name' ||
        name === 'istio' ||
        (['app', 'app.kubernetes.io/name'].includes(name) && String(value).endsWith('gateway')),
    )
  }
}

const isGatewayReference = (target: unknown): boolean =>
  ['Gateway', 'GatewayClass'].includes(textAt(target, ['kind']) ?? '')
