import type { Finding } from './finding.ts'
import { collectorHost } from './plugin-options.ts'
import { at, type Path, type YamlDocument } from './yaml-file.ts'

const UPSTREAM_TLS =
  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'

/** TLS to the collector: server name, certificate authority, name in the certificate. */
export function checkCollectorCluster(
  document: YamlDocument,
  cluster: Path,
  options: Record<string, unknown>,
): Finding[] {
  if (String(options['base_uri'] ?? '').startsWith('http:')) return []
  const host = collectorHost(options)
  const tls = [...cluster, 'transport_socket', 'typed_config']
  if (document.text([...tls, '@type']) !== UPSTREAM_TLS) {
    return [
      document.finding(
        cluster,
        `The cluster speaks no TLS: the application id would travel in clear text. Add a transport_socket with an ${UPSTREAM_TLS}`,
      ),
    ]
  }
  const findings: Finding[] = []
  const sni = document.text([...tls, 'sni'])
  if (sni !== host) {
    findings.push(document.finding([...tls, 'sni'], `sni is ${sni ?? 'missing'}, expected ${host}`))
  }
  const validation = [...tls, 'common_tls_context', 'validation_context']
  const authority = document.get([...validation, 'trusted_ca'])
  if (authority === undefined) {
    findings.push(
      document.finding(
        [...validation, 'trusted_ca'],
        'validation_context.trusted_ca is missing: any certificate would be accepted',
      ),
    )
  }
  const names = document.list([...validation, 'match_typed_subject_alt_names'])
  const exact = names.map((name) => at(name, ['matcher', 'exact']))
  if (!exact.includes(host)) {
    findings.push(
      document.finding(
        validation,
        `match_typed_subject_alt_names does not ask for ${host}: a certificate for any other name would be accepted`,
      ),
    )
  }
  return findings
}
