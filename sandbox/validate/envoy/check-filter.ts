import type { Finding } from '../finding.ts'
import { at } from '../path.ts'
import { STRING_VALUE, typeUrl } from './any-type.ts'
import type { FoundFilter } from './find-filters.ts'

const V8 = 'envoy.wasm.runtime.v8'
/** What is the same to Envoy as no `failure_policy`. */
const UNSPECIFIED = new Set<unknown>([undefined, null, 0, '0', 'UNSPECIFIED'])

/** The fields around the options that decide whether anything is captured, and whether users are served. */
export function checkFilter(filter: FoundFilter): Finding[] {
  const { document, holder, isHttp } = filter
  if (!isHttp) {
    return [
      document.finding(
        holder,
        'this is no Wasm filter for HTTP: nothing would be captured',
        'Use the plugin in http_filters only',
      ),
    ]
  }
  return [
    ...checkDisabled(filter),
    ...checkFailure(filter),
    ...checkModule(filter),
    ...checkConfiguration(filter),
  ]
}

function checkDisabled({ document, holder }: FoundFilter): Finding[] {
  const disabled = [...holder.slice(0, -1), 'disabled']
  if (!isTrue(document.get(disabled))) return []
  return [
    document.warning(
      disabled,
      'the filter is disabled: only routes are captured whose typed_per_filter_config enables it',
    ),
  ]
}

/** @note measured on Envoy 1.40: it refuses both together, FAIL_OPEN included. */
function checkFailure({ document, path }: FoundFilter): Finding[] {
  const policy = [...path, 'failure_policy']
  const hasPolicy = !UNSPECIFIED.has(document.get(policy))
  if (!isTrue(document.get([...path, 'fail_open']))) {
    return [
      document.finding(
        [...path, 'fail_open'],
        `Set fail_open: true${hasPolicy ? ' in the place of failure_policy' : ''}: any other setting answers 503 to user traffic should the filter crash`,
      ),
    ]
  }
  if (!hasPolicy) return []
  return [
    document.finding(
      policy,
      'only one of fail_open or failure_policy can be set: Envoy does not start with both',
      'Keep fail_open: true, and remove failure_policy',
    ),
  ]
}

function checkModule({ document, path }: FoundFilter): Finding[] {
  const code = at(document.get(path), ['vm_config', 'code'])
  const findings: Finding[] = []
  const isLocal = ['filename', 'inline_bytes', 'environment_variable'].some(
    (source) => at(code, ['local', source]) !== undefined,
  )
  const isRemote = at(code, ['remote', 'http_uri', 'uri']) !== undefined
  if (!isLocal && !isRemote) {
    findings.push(
      document.finding(
        [...path, 'vm_config', 'code'],
        'vm_config.code.local.filename must name the .wasm file',
      ),
    )
  }
  const runtime = document.text([...path, 'vm_config', 'runtime'])
  if (runtime !== undefined && runtime !== V8) {
    findings.push(
      document.warning(
        [...path, 'vm_config', 'runtime'],
        `the plugin is run with ${V8} only, not with ${runtime}`,
      ),
    )
  }
  return findings
}

/** @note measured on Envoy 1.40: of a Struct the plugin gets the protobuf bytes, not JSON. */
function checkConfiguration({ document, path, options }: FoundFilter): Finding[] {
  if (options) return []
  return [
    document.finding(
      [...path, 'configuration'],
      `configuration must be a ${typeUrl(STRING_VALUE)} with the options as JSON: capturing is off without`,
    ),
  ]
}

/** @note protobuf JSON takes the text for the boolean, too. */
const isTrue = (value: unknown): boolean => value === true || value === 'true'
