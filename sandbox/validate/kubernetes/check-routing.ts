import type { Finding } from '../finding.ts'
import { at, listAt } from '../path.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { includes, portNumbers, type Manifests } from './manifests.ts'

/** The start of a port's name is how Istio knows its protocol. */
const PROTOCOL_NAME = /^(http|http2|https|grpc|grpc-web|tcp|tls|mongo|mysql|redis|udp)(-|$)/

/** From the gateway's port to the workload: names, selectors and ports that must agree. */
export function checkRouting(manifests: Manifests): Finding[] {
  return [
    ...manifests.ofKind('Deployment').flatMap(checkDeployment),
    ...manifests.ofKind('Service').flatMap((service) => checkService(service, manifests)),
    ...manifests.ofKind('VirtualService').flatMap((route) => checkRoute(route, manifests)),
  ]
}

function checkDeployment(deployment: KubernetesObject): Finding[] {
  const selector = ['spec', 'selector', 'matchLabels']
  return includes(
    deployment.labels(['spec', 'template', 'metadata', 'labels']),
    deployment.labels(selector),
  )
    ? []
    : [deployment.finding(selector, "the selector does not match the template's labels")]
}

function checkService(service: KubernetesObject, manifests: Manifests): Finding[] {
  const findings: Finding[] = []
  const selector = service.labels(['spec', 'selector'])
  const inNamespace = manifests.workloads.filter(
    ({ object }) => object.namespace === service.namespace,
  )
  const workload = inNamespace.find(({ labels }) => includes(labels, selector))
  if (!workload && inNamespace.length > 0 && Object.keys(selector).length > 0) {
    findings.push(service.finding(['spec', 'selector'], 'the selector matches no workload'))
  }
  const containerPorts = new Set(
    (workload?.containers ?? [])
      .flatMap((container) => listAt(container, ['ports']))
      .flatMap((port) => [at(port, ['containerPort']), at(port, ['name'])]),
  )
  service.list(['spec', 'ports']).forEach((port, index) => {
    const name = at(port, ['name'])
    const path = ['spec', 'ports', index]
    const namesProtocol = typeof name === 'string' && PROTOCOL_NAME.test(name)
    if (!namesProtocol && at(port, ['appProtocol']) === undefined) {
      findings.push(
        service.warning(
          [...path, 'name'],
          `the port is named ${name ?? 'nothing'}: start its name with its protocol (http), or Istio has to guess it`,
        ),
      )
    }
    const target = at(port, ['targetPort']) ?? at(port, ['port'])
    if (workload && containerPorts.size > 0 && !containerPorts.has(target)) {
      findings.push(
        service.warning(
          [...path, 'targetPort'],
          `no container of ${workload.object.name} has port ${target}`,
        ),
      )
    }
  })
  return findings
}

function checkRoute(route: KubernetesObject, manifests: Manifests): Finding[] {
  const gateways = new Set(manifests.ofKind('Gateway').map(({ name }) => name))
  const findings = route
    .list(['spec', 'gateways'])
    .filter(() => manifests.hasAny('Gateway'))
    .filter((name) => name !== 'mesh' && !gateways.has(String(name).split('/').at(-1) ?? ''))
    .map((name) => route.finding(['spec', 'gateways'], `there is no Gateway ${name}`))
  route.list(['spec', 'http']).forEach((rule, ruleIndex) => {
    listAt(rule, ['route']).forEach((target, index) => {
      const path = ['spec', 'http', ruleIndex, 'route', index, 'destination']
      const host = String(at(target, ['destination', 'host']))
      const port = at(target, ['destination', 'port', 'number'])
      const service = manifests.service(host, route.namespace)
      if (!service && !manifests.hasServicesFor(host, route.namespace)) return
      if (!service) findings.push(route.finding([...path, 'host'], `there is no Service ${host}`))
      else if (port !== undefined && !portNumbers(service).includes(port)) {
        findings.push(
          route.finding([...path, 'port', 'number'], `Service ${host} has no port ${port}`),
        )
      }
    })
  })
  return findings
}
