import type { Finding } from '../finding.ts'
import type { Collector } from '../options/collector.ts'
import { at, listAt, textAt, type Path } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { anyType, fieldsOf, typeUrl, UPSTREAM_TLS } from './any-type.ts'

const HTTP_OPTIONS = [
  'typed_extension_protocol_options',
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
  'upstream_http_protocol_options',
]

/** TLS to the collector: server name, certificate authority, name in the certificate. */
export function checkCollectorCluster(
  document: YamlDocument,
  cluster: Path,
  { host, isPlainText }: Collector,
): Finding[] {
  if (isPlainText) return []
  const typed = [...cluster, 'transport_socket', 'typed_config']
  if (anyType(document.get(typed)) !== UPSTREAM_TLS) {
    return [
      document.finding(
        cluster,
        'The cluster speaks no TLS: the application id would be sent in clear text',
        `Add a transport_socket with an ${typeUrl(UPSTREAM_TLS)}`,
      ),
    ]
  }
  const tls = [...typed, ...fieldsOf(document.get(typed))]
  const automatic = document.get([...cluster, ...HTTP_OPTIONS])
  return [
    ...checkServerName(document, tls, host, automatic),
    ...checkAuthority(document, tls),
    ...checkNames(document, tls, host, automatic),
  ]
}

function checkServerName(
  document: YamlDocument,
  tls: Path,
  host: string,
  automatic: unknown,
): Finding[] {
  const sni = document.text([...tls, 'sni'])
  const isAutomatic =
    at(automatic, ['auto_sni']) === true || document.get([...tls, 'auto_host_sni']) === true
  if (sni === host || (sni === undefined && isAutomatic)) return []
  return [document.finding([...tls, 'sni'], `sni is ${sni ?? 'missing'}, expected ${host}`)]
}

function checkAuthority(document: YamlDocument, tls: Path): Finding[] {
  const validation = validationOf(document, tls)
  if (textAt(document.get(validation), ['trust_chain_verification']) === 'ACCEPT_UNTRUSTED') {
    return [
      document.finding(
        [...validation, 'trust_chain_verification'],
        'ACCEPT_UNTRUSTED accepts any certificate',
        'Leave it out',
      ),
    ]
  }
  const sources = ['trusted_ca', 'system_root_certs', 'ca_certificate_provider_instance']
  const context = [...tls, 'common_tls_context']
  const isFetched =
    document.get([...context, 'validation_context_sds_secret_config']) !== undefined ||
    document.get([
      ...context,
      'combined_validation_context',
      'validation_context_sds_secret_config',
    ]) !== undefined
  if (isFetched || sources.some((source) => document.get([...validation, source]) !== undefined)) {
    return []
  }
  return [
    document.finding(
      [...validation, 'trusted_ca'],
      'validation_context.trusted_ca is missing: any certificate would be accepted',
    ),
  ]
}

function checkNames(
  document: YamlDocument,
  tls: Path,
  host: string,
  automatic: unknown,
): Finding[] {
  const context = [...tls, 'common_tls_context']
  if (document.get([...context, 'validation_context_sds_secret_config']) !== undefined) return []
  const validation = document.get(validationOf(document, tls))
  const matchers = [
    ...listAt(validation, ['match_typed_subject_alt_names']).map((name) => at(name, ['matcher'])),
    ...listAt(validation, ['match_subject_alt_names']),
  ]
  const isAutomatic =
    at(automatic, ['auto_san_validation']) === true ||
    document.get([...tls, 'auto_sni_san_validation']) === true
  if (isAutomatic || matchers.some((matcher) => matches(matcher, host))) return []
  return [
    document.finding(
      validationOf(document, tls),
      `match_typed_subject_alt_names does not ask for ${host}: a certificate for any other name would be accepted`,
    ),
  ]
}

function validationOf(document: YamlDocument, tls: Path): Path {
  const context = [...tls, 'common_tls_context']
  const combined = [...context, 'combined_validation_context', 'default_validation_context']
  return document.get(combined) === undefined ? [...context, 'validation_context'] : combined
}

/** A StringMatcher of Envoy's. A regular expression is taken on trust. */
function matches(matcher: unknown, host: string): boolean {
  const suffix = textAt(matcher, ['suffix'])
  return (
    textAt(matcher, ['exact']) === host ||
    (suffix !== undefined && suffix !== '' && host.endsWith(suffix)) ||
    at(matcher, ['safe_regex']) !== undefined
  )
}
