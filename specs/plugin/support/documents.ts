import type {
  EmulatorOptions,
  ExchangeScript,
  MoesifEmulator,
} from '#sandbox/emulated-plugin/index.ts'
import { startPlugin } from './plugin-under-test.ts'

export interface Rule {
  _id: string
  type: 'user' | 'company' | 'regex'
  block?: boolean
  applied_to?: 'matching' | 'not_matching'
  applied_to_unidentified?: boolean
  regex_config?: ConditionGroup[]
  response?: { status?: unknown; headers?: Record<string, unknown>; body?: unknown }
  variables?: { name: string; path: string }[]
  priority?: number
}

export interface ConditionGroup {
  conditions: { path: string; value: string }[]
  sample_rate?: number
}

interface CohortMember {
  rules: string
  values?: Record<string, string>
}

export interface Config {
  sample_rate?: number
  user_sample_rate?: Record<string, number>
  company_sample_rate?: Record<string, number>
  user_rules?: Record<string, CohortMember[]>
  company_rules?: Record<string, CohortMember[]>
  regex_config?: ConditionGroup[]
}

/** What Moesif answers; text and bytes go as they are. */
export interface Documents {
  config?: Config | string
  rules?: readonly Rule[] | string
}

/** Longer than any spread over which gateways begin to ask. */
export const FIRST_FETCH_MS = 6000

/** From now on `/v1/config` and `/v1/rules` are these, with a tag each that changes with them. */
export function serve(emulator: MoesifEmulator, { config = {}, rules = [] }: Documents): void {
  const texts = { '/v1/config': textOf(config), '/v1/rules': textOf(rules) }
  emulator.collector.answerFetches(({ headers }) => {
    const path = headers[':path'] as keyof typeof texts
    const body = texts[path]
    const tag = tagOf(body)
    if (headers['if-none-match'] === tag) return { status: 304 }
    const header = path === '/v1/config' ? 'x-moesif-config-etag' : 'x-moesif-rules-tag'
    return { status: 200, headers: { [header]: tag }, body }
  })
}

/** The plugin with its documents fetched; governance is on. */
export async function startWith(
  documents: Documents,
  options: Record<string, unknown> = {},
  emulation?: EmulatorOptions,
): Promise<MoesifEmulator> {
  const emulator = await startPlugin(
    {
      enable_governance: true,
      client_ip_sources: ['header:x-forwarded-for:1'],
      user_id_header: 'x-user',
      company_id_header: 'x-company',
      ...options,
    },
    emulation,
  )
  serve(emulator, documents)
  emulator.advance(FIRST_FETCH_MS)
  return emulator
}

/** An exchange with an upstream that answers 200. */
export const play = (emulator: MoesifEmulator, request: ExchangeScript['request'] = {}) =>
  emulator.worker(0).exchange({ request, response: { status: 200 } })

/** Whether a rule refuses a plain request. */
export const isBlocking = (emulator: MoesifEmulator, worker = 0) =>
  emulator.worker(worker).exchange().localReply !== null

export const governed = { enable_governance: true }
export const blockAll: Rule = { _id: 'all', type: 'regex', block: true, response: { status: 403 } }

/** Of one condition. */
export function when(path: string, value: string): ConditionGroup[] {
  return [{ conditions: [{ path, value }] }]
}

/** A rule that refuses with its id, whatever the request. */
export const block = (rule: Partial<Rule> & { _id: string }): Rule => ({
  type: 'regex',
  block: true,
  response: { status: 403, body: rule['_id'] },
  ...rule,
})

function textOf(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

export function tagOf(text: string): string {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0
  return `tag-${hash >>> 0}`
}
