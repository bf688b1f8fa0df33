import type { ConfigDocument, Rule } from '#mock-moesif/client/index.ts'
import { asList, asMembers, isMembers } from '../captured/members.ts'
import { headersIn } from '../text/header-lines.ts'

/** A governance rule as it is edited; members that this page does not know are kept (`rest`). */
export interface EditedRule {
  id: string
  name: string
  type: Rule['type']
  /** `id name=value …`, a line each: who is in the rule's cohort, and what fills the templates. */
  cohort: string
  applied: NonNullable<Rule['applied_to']>
  unidentified: boolean
  /** One group must match, with all its conditions. */
  groups: { path: string; value: string }[][]
  block: boolean
  status: string
  /** `name: value`, a line each. */
  headers: string
  /** JSON, or text. */
  body: string
  rest: Partial<Rule>
}

export type Cohorts = ConfigDocument['user_rules']

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function newRule(): EditedRule {
  return {
    id: `rule-${crypto.randomUUID().slice(0, 8)}`,
    name: '',
    type: 'user',
    cohort: '',
    applied: 'matching',
    unidentified: false,
    groups: [],
    block: true,
    status: '429',
    headers: '',
    body: '{\n  "error": "quota exceeded"\n}',
    rest: {},
  }
}

export function editRule(rule: Rule, cohorts: Cohorts): EditedRule {
  const { _id, name, type, block, applied_to, applied_to_unidentified, regex_config, ...others } =
    rule
  const { response: given, ...rest } = others
  const { status, headers, body } = asMembers(given)
  const id = text(_id)
  return {
    id,
    name: text(name),
    type: type === 'company' || type === 'regex' ? type : 'user',
    cohort: cohortText(id, cohorts),
    applied: applied_to === 'not_matching' ? 'not_matching' : 'matching',
    unidentified: applied_to_unidentified === true,
    groups: asList(regex_config).map((group) =>
      asList(asMembers(group).conditions).map((one) => {
        const { path, value } = asMembers(one)
        return { path: text(path), value: text(value) }
      }),
    ),
    block: block === true,
    status: String(status ?? ''),
    headers: Object.entries(asMembers(headers))
      .map(([header, value]) => `${header}: ${String(value)}`)
      .join('\n'),
    body: body === undefined ? '' : bodyText(body),
    rest,
  }
}

/** The rule as the collector serves it. */
export function ruleDocument(edited: EditedRule): Rule {
  const variables = variablesOf(edited)
  return {
    ...edited.rest,
    _id: edited.id,
    name: edited.name,
    type: edited.type,
    block: edited.block,
    applied_to: edited.applied,
    applied_to_unidentified: edited.unidentified,
    ...(variables.length > 0 && { variables }),
    regex_config: edited.groups
      .map((group) => group.filter(({ path, value }) => path !== '' && value !== ''))
      .filter((group) => group.length > 0)
      .map((conditions) => ({ conditions })),
    response: {
      ...(edited.block && { status: Number(edited.status) || 429 }),
      headers: Object.fromEntries(headersOf(edited)),
      ...(edited.block && edited.body !== '' && { body: bodyOf(edited.body) }),
    },
  }
}

/** Those it has, and those its templates use: in a rule that declares none, clients leave unknown names as they are. */
function variablesOf({ rest, headers, block, body }: EditedRule): NonNullable<Rule['variables']> {
  const declared = asList(rest.variables)
  const names = new Set(declared.map((one) => asMembers(one).name))
  const answer = `${headers}\n${block ? body : ''}`
  const used = new Set([...answer.matchAll(TEMPLATE)].map(([, name = '']) => name))
  const missing = [...used].filter((name) => !names.has(name))
  return [...declared, ...missing.map((name) => ({ name }))]
}

/** What is wrong with it, in a sentence; '' when nothing is. */
export function problemOf(edited: EditedRule): string {
  if (edited.id.trim() === '') return 'The rule needs an id: events name it as blocked_by'
  if (edited.block && !/^[2-5]\d\d$/.test(edited.status))
    return 'The status is a number from 200 to 599'
  const headers = headersIn(edited.headers)
  if (typeof headers === 'string') return headers
  if (!edited.block && headers.length === 0)
    return 'A rule that does not block sets headers: give one'
  for (const { value } of edited.groups.flat()) {
    try {
      // The plugin knows the syntax that RE2 and JavaScript share, and RE2's flags for the whole.
      RegExp(value.replace(/^\(\?[is]+\)/, ''))
    } catch (reason) {
      return reason instanceof Error ? reason.message : String(reason)
    }
  }
  return ''
}

export function headersOf({ headers }: EditedRule): [name: string, value: string][] {
  const read = headersIn(headers)
  return typeof read === 'string' ? [] : read
}

/** A text that would be read as something else is written in quotes. */
function bodyText(body: unknown): string {
  if (typeof body === 'string' && bodyOf(body) === body) return body
  return JSON.stringify(body, null, 2)
}

export function bodyOf(written: string): unknown {
  try {
    return JSON.parse(written) as unknown
  } catch {
    return written
  }
}

/** Who is in the cohort, with what fills the templates. */
export function cohortOf(edited: EditedRule): Map<string, Record<string, string>> {
  if (edited.type === 'regex') return new Map()
  return new Map(
    linesOf(edited.cohort).map((line) => {
      const [id = '', ...pairs] = line.split(/\s+/)
      const values = pairs.flatMap((pair): [string, string][] => {
        const equals = pair.indexOf('=')
        return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]]
      })
      return [id, Object.fromEntries(values)]
    }),
  )
}

function cohortText(rule: string, cohorts: Cohorts): string {
  return Object.entries(asMembers(cohorts))
    .flatMap(([id, entries]) =>
      asList(entries).flatMap((entry) => {
        const { rules, values } = asMembers(entry)
        if (rules !== rule) return []
        const pairs = Object.entries(asMembers(values))
        return [id, ...pairs.map(([name, value]) => `${name}=${String(value)}`)].join(' ')
      }),
    )
    .join('\n')
}

/** The cohorts with that of this rule replaced; an empty one takes it out. */
export function withCohort(
  cohorts: Cohorts,
  rule: string,
  cohort: ReadonlyMap<string, Record<string, string>>,
): NonNullable<Cohorts> {
  const known = asMembers(cohorts)
  const next: NonNullable<Cohorts> = {}
  for (const id of new Set([...Object.keys(known), ...cohort.keys()])) {
    const entries = asList(known[id]).filter((entry) => asMembers(entry).rules !== rule)
    const values = cohort.get(id)
    if (values) entries.push({ rules: rule, ...(Object.keys(values).length > 0 && { values }) })
    if (entries.length > 0) next[id] = entries
  }
  return next
}

const TEMPLATE = /\{\{([^{}|]+)(?:\|([^}]+))?\}\}/g

/** `{{name}}` and `{{name|default}}` filled in, at any depth; UNKNOWN for unknown names. */
export function filled(value: unknown, values: Record<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(
      TEMPLATE,
      // An empty value is none.
      (_, name: string, otherwise: string | undefined) => values[name] || otherwise || 'UNKNOWN',
    )
  if (Array.isArray(value)) return value.map((one) => filled(one, values))
  if (isMembers(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, filled(one, values)]),
    )
  return value
}

/** A rule in words. */
export function describeRule(edited: EditedRule): { who: string; when: string; effect: string } {
  const { type, applied, unidentified, groups } = edited
  const size = cohortOf(edited).size
  const named =
    type === 'company' ? (size === 1 ? 'company' : 'companies') : size === 1 ? 'user' : 'users'
  const who =
    type === 'regex'
      ? 'every call'
      : `${applied === 'matching' ? `${size} ${named}` : `all but ${size} ${named}`}${unidentified ? `, and calls without one` : ''}`
  const when =
    groups.length === 0
      ? 'always'
      : groups
          .map((group) => group.map(({ path, value }) => `${path} ~ ${value}`).join(' and '))
          .join(' or ')
  const effect = edited.block
    ? `refused with ${edited.status || 429}`
    : `marked with ${headersOf(edited)
        .map(([name]) => name)
        .join(', ')}`
  return { who, when, effect }
}

function linesOf(written: string): string[] {
  return written
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
