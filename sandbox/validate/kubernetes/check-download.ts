import type { Finding } from '../finding.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

const DIGEST = /@sha256:([0-9a-f]{64})$/

/** Where the module comes from, and what users notice when it does not come. */
export function checkDownload(plugin: KubernetesObject): Finding[] {
  return [...checkFailStrategy(plugin), ...checkUrl(plugin)]
}

function checkFailStrategy(plugin: KubernetesObject): Finding[] {
  if (plugin.text(['spec', 'failStrategy']) === 'FAIL_OPEN') return []
  return [
    plugin.finding(
      ['spec', 'failStrategy'],
      'set failStrategy: FAIL_OPEN, or a failed download answers 403 to all traffic',
    ),
  ]
}

function checkUrl(plugin: KubernetesObject): Finding[] {
  const url = plugin.text(['spec', 'url']) ?? ''
  const sha256 = plugin.text(['spec', 'sha256']) ?? ''
  const [, scheme = 'oci'] = /^([a-z]+):\/\//i.exec(url) ?? []
  if (url !== '' && !['oci', 'http', 'https', 'file'].includes(scheme)) {
    return [
      plugin.finding(
        ['spec', 'url'],
        `url has the scheme ${scheme}`,
        'expected one of oci, https, http, file',
      ),
    ]
  }
  const [, digest] = DIGEST.exec(url) ?? []
  if (digest !== undefined && sha256 !== '' && sha256 !== digest) {
    return [
      plugin.finding(
        ['spec', 'sha256'],
        'sha256 is not the digest in url: the download would be refused',
        'Leave one of the two out',
      ),
    ]
  }
  if (scheme === 'file' || digest !== undefined || sha256 !== '') return []
  return [
    plugin.finding(
      ['spec', 'url'],
      `${url || 'no url'}: name the module by digest (oci://…@sha256:…, or https:// and sha256)`,
    ),
  ]
}
