import { anyType, STRING_VALUE, typeUrl } from '../envoy/any-type.ts'
import type { Finding } from '../finding.ts'
import { collectorOf } from '../options/collector.ts'
import { judgeOptions } from '../options/judge-options.ts'
import { optionsInText } from '../options/options-source.ts'
import type { Path } from '../path.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import type { Manifests } from './manifests.ts'

const FILTERS: (string | number)[] = ['spec', 'httpGateway', 'options', 'wasm', 'filters']
const SSL = ['spec', 'sslConfig']
const AUTHORITIES = ['sslFiles', 'secretRef', 'sds']

/** A Moesif filter in a Gateway of Gloo's. */
interface GlooFilter {
  gateway: KubernetesObject
  path: Path
}

export const glooFilters = (manifests: Manifests): GlooFilter[] =>
  manifests.ofKind('Gateway', 'gateway.solo.io').flatMap((gateway) =>
    gateway
      .list(FILTERS)
      .map((filter, index) => ({ filter, gateway, path: FILTERS.concat(index) }))
      .filter(({ filter }) => /moesif/i.test(JSON.stringify(filter))),
  )

export async function checkGlooGateways(manifests: Manifests, wasm: string): Promise<Finding[]> {
  const judged = glooFilters(manifests).map(
    async (filter) => await checkGlooFilter(filter, manifests, wasm),
  )
  return (await Promise.all(judged)).flat()
}

async function checkGlooFilter(
  { gateway, path }: GlooFilter,
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const config = [...path, 'config']
  const value = [...config, 'value']
  const findings: Finding[] = []
  if (gateway.get([...path, 'failOpen']) !== true) {
    findings.push(
      gateway.finding(
        [...path, 'failOpen'],
        'set failOpen: true, or a filter that crashes takes the traffic with it',
      ),
    )
  }
  if (['image', 'filePath'].every((source) => gateway.get([...path, source]) === undefined)) {
    findings.push(gateway.finding(path, 'neither image nor filePath names the module'))
  }
  if (anyType(gateway.get(config)) !== STRING_VALUE || gateway.text(value) === undefined) {
    return [
      ...findings,
      gateway.finding(
        config,
        `config must be a ${typeUrl(STRING_VALUE)} with the options as JSON: capturing is off without`,
      ),
    ]
  }
  const source = optionsInText(gateway.document, gateway.path(value))
  return [
    ...findings,
    ...(await judgeOptions(source, wasm)),
    ...(await checkUpstream({ gateway, where: value, options: source.text }, manifests, wasm)),
  ]
}

/** @note Gloo names the cluster of an Upstream by its name and namespace. */
async function checkUpstream(
  { gateway, where, options }: { gateway: KubernetesObject; where: Path; options: string },
  manifests: Manifests,
  wasm: string,
): Promise<Finding[]> {
  const upstreams = manifests.ofKind('Upstream', 'gloo.solo.io')
  const collector = await collectorOf(options, wasm)
  if (!collector || upstreams.length === 0) return []
  const upstream = upstreams.find(
    ({ name, namespace }) => `${name}_${namespace}` === collector.cluster,
  )
  if (upstream) return collector.isPlainText ? [] : checkTls(upstream, collector.host)
  const [first] = upstreams
  return [
    gateway.finding(
      where,
      `no Upstream makes the cluster "${collector.cluster}", which the option upstream names`,
      `expected its name and namespace, as ${first?.name}_${first?.namespace}`,
    ),
  ]
}

function checkTls(upstream: KubernetesObject, host: string): Finding[] {
  const findings: Finding[] = []
  const sni = upstream.get([...SSL, 'sni'])
  if (sni !== host) {
    findings.push(
      upstream.finding([...SSL, 'sni'], `sni is ${sni ?? 'missing'}`, `expected ${host}`),
    )
  }
  if (AUTHORITIES.every((source) => upstream.get([...SSL, source]) === undefined)) {
    findings.push(
      upstream.finding(
        [...SSL, 'sslFiles', 'rootCa'],
        'sslFiles.rootCa is missing: any certificate would be accepted',
      ),
    )
  }
  if (!upstream.list([...SSL, 'verifySubjectAltName']).includes(host)) {
    findings.push(
      upstream.finding(
        [...SSL, 'verifySubjectAltName'],
        `verifySubjectAltName does not hold ${host}: a certificate for any other name would be accepted`,
      ),
    )
  }
  return findings
}
