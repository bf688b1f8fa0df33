import type { ConfigDocument, Rule } from '../model/documents.ts'
import type { Finding } from '../model/event.ts'
import { escapePointer } from './pointer.ts'

const SAMPLING_PATHS = /^(?:request\.(?:verb|route|ip_address)|response\.status)$/
const RULE_PATHS = /^request\.(?:verb|route|ip_address|headers\.\S+|body\..+)$/
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/
const TEMPLATE = /\{\{\s*([^{}|]+?)\s*(?:\|[^{}]*)?\}\}/g
/** Of the connection and its framing: the plugin leaves them out (plugin/assembly/decision/reply-header.ts). */
const FRAMING =
  /^(?:connection|content-length|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i

interface Condition {
  path: string
}

function warning(pointer: string, message: string): Finding {
  return { severity: 'warning', pointer, message }
}

export function* samplingWarnings(config: ConfigDocument): Generator<Finding> {
  yield* rateWarnings(config.sample_rate, '/sample_rate')
  for (const kind of ['user_sample_rate', 'company_sample_rate'] as const)
    for (const [id, rate] of Object.entries(config[kind] ?? {}))
      yield* rateWarnings(rate, `/${kind}/${escapePointer(id)}`)
  for (const [index, { conditions, sample_rate }] of (config.regex_config ?? []).entries()) {
    const at = `/regex_config/${index}`
    yield* conditionWarnings(conditions, `${at}/conditions`, SAMPLING_PATHS)
    yield* rateWarnings(sample_rate, `${at}/sample_rate`)
  }
}

/** @note moesifapi-go declares rates as int: encoding/json gives an error for a fraction. The plugin counts hundredths. */
function* rateWarnings(rate: number | null | undefined, pointer: string): Generator<Finding> {
  if (typeof rate !== 'number' || Number.isInteger(rate)) return
  const counted = Math.round(rate * 100) / 100
  const rounding = counted === rate ? '' : `, the plugin takes ${counted} for it`
  yield warning(
    pointer,
    `${rate} is not a whole number: Moesif's Go client can't read a document with it${rounding}`,
  )
}

export function* ruleWarnings(rules: readonly Rule[]): Generator<Finding> {
  const seen = new Set<string>()
  for (const [index, rule] of rules.entries()) {
    const at = `/${index}`
    if (seen.has(rule._id))
      yield warning(
        `${at}/_id`,
        `a rule "${rule._id}" is given before: cohorts and events cannot distinguish the two`,
      )
    seen.add(rule._id)
    for (const [group, { conditions }] of (rule.regex_config ?? []).entries())
      yield* conditionWarnings(conditions, `${at}/regex_config/${group}/conditions`, RULE_PATHS)
    yield* responseWarnings(rule, `${at}/response`)
  }
}

function conditionWarnings(
  conditions: readonly Condition[],
  pointer: string,
  paths: RegExp,
): Finding[] {
  if (conditions.length === 0)
    return [warning(pointer, 'without conditions it is met by every call')]
  return conditions.flatMap(({ path }, index) =>
    paths.test(path)
      ? []
      : [
          warning(
            `${pointer}/${index}/path`,
            `no client knows ${path}: the condition is never met`,
          ),
        ],
  )
}

function* responseWarnings(
  { block, response, variables }: Rule,
  pointer: string,
): Generator<Finding> {
  if (block && !response) {
    yield warning(
      pointer,
      'a rule that blocks needs a response: clients choose a status of their own',
    )
    return
  }
  const { status, headers, body } = response ?? {}
  if (block && (status === undefined || status === null || status < 200 || status > 599))
    yield warning(`${pointer}/status`, 'a refusal needs a status from 200 to 599')
  for (const name of Object.keys(headers ?? {})) {
    const at = `${pointer}/headers/${escapePointer(name)}`
    if (!HEADER_NAME.test(name)) yield warning(at, 'this is not the name of a header')
    else if (FRAMING.test(name))
      yield warning(at, 'this header is of the connection: the plugin does not set it')
  }
  if (!block && body !== undefined && body !== null)
    yield warning(`${pointer}/body`, 'a rule that does not block sets headers only')
  const declared = new Set((variables ?? []).map(({ name }) => name))
  const written = JSON.stringify({ headers, body })
  for (const [, name] of written.matchAll(TEMPLATE))
    if (declared.size > 0 && !declared.has(name!))
      yield warning(pointer, `{{${name}}} is not among the variables of the rule`)
}
