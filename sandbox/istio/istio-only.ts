import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'

/** Extensions that only istio-proxy has, not upstream Envoy: peer metadata, its statistics, metadata exchange. */
const ISTIO_TYPE =
  /^type\.googleapis\.com\/(io\.istio\.|istio\.|stats\.PluginConfig|envoy\.tcp\.metadataexchange\.)/

const FILTER_LISTS = ['http_filters', 'filters', 'listener_filters', 'access_log'] as const

/** Leaves them out, in place, wherever filters are listed. Answers the names of those left out. */
export function leaveOutIstioOnly(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leaveOutIstioOnly)
  if (typeof value !== 'object' || value === null) return []
  const json = value as EnvoyJson
  const removed: string[] = []
  for (const key of FILTER_LISTS) {
    const filters = json[key]
    if (!Array.isArray(filters)) continue
    json[key] = filters.filter((filter: EnvoyJson) => {
      if (!ISTIO_TYPE.test(typeOf(filter))) return true
      removed.push(String(filter['name']))
      return false
    })
  }
  return removed.concat(Object.values(json).flatMap(leaveOutIstioOnly))
}

function typeOf(filter: EnvoyJson): string {
  const config = (filter['typed_config'] ?? {}) as EnvoyJson
  const type = String(config['@type'] ?? '')
  return type.endsWith('TypedStruct') ? String(config['type_url']) : type
}
