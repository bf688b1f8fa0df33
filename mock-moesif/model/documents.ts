import { Type } from 'typebox'
import { mapOf } from './shapes.ts'

export type DocumentKind = 'config' | 'rules'

/** Null is absent, as Moesif's own clients read it; what is not known here passes. */
const optional = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const text = (description: string) => Type.String({ description })

const SampleRate = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'Percent of the traffic to keep; the plugin counts hundredths of it',
})

const condition = (paths: string) =>
  Type.Object({
    path: Type.String({ minLength: 1, description: paths }),
    value: Type.String({ description: 'A regular expression, found anywhere' }),
  })

/** "This user is in the cohort of that rule", with what fills the templates of its answer. */
const CohortEntry = Type.Object({
  rules: Type.String({ minLength: 1, description: '_id of the rule' }),
  values: optional(mapOf(Type.String(), { description: 'Fill {{name}} of the answer' })),
})

/** What GET /v1/config serves. */
export const ConfigDocument = Type.Object(
  {
    org_id: optional(text('As 640:128')),
    app_id: optional(text('As 617:473')),
    sample_rate: optional(SampleRate),
    user_sample_rate: optional(mapOf(SampleRate, { description: 'By user_id' })),
    company_sample_rate: optional(mapOf(SampleRate, { description: 'By company_id' })),
    regex_config: optional(
      Type.Array(
        Type.Object({
          conditions: Type.Array(
            condition('request.verb, request.route, request.ip_address or response.status'),
            { description: 'Each must be met' },
          ),
          sample_rate: SampleRate,
        }),
        { description: 'The first entry whose conditions are met gives a rate' },
      ),
    ),
    user_rules: optional(mapOf(Type.Array(CohortEntry), { description: 'By user_id' })),
    company_rules: optional(mapOf(Type.Array(CohortEntry), { description: 'By company_id' })),
    block_bot_traffic: optional(Type.Boolean()),
    ip_addresses_blocked_by_name: optional(mapOf(Type.String())),
    billing_config_jsons: optional(mapOf(Type.String())),
  },
  { title: 'ConfigDocument' },
)
export type ConfigDocument = Type.Static<typeof ConfigDocument>

/** A governance rule, one of those that GET /v1/rules serves. */
export const Rule = Type.Object(
  {
    _id: Type.String({ minLength: 1, description: 'What blocked_by of an event names' }),
    name: optional(Type.String()),
    org_id: optional(Type.String()),
    app_id: optional(Type.String()),
    created_at: optional(Type.String()),
    type: Type.Enum(['user', 'company', 'regex']),
    block: optional(Type.Boolean({ description: 'Refuses the call; else only headers are set' })),
    applied_to: optional(
      Type.Enum(['matching', 'not_matching'], {
        description: 'To those in the cohort of the rule, or to the others',
      }),
    ),
    applied_to_unidentified: optional(
      Type.Boolean({ description: 'To calls without a user or company, too' }),
    ),
    priority: optional(Type.Number({ description: 'The lower wins' })),
    regex_config: optional(
      Type.Array(
        Type.Object({
          conditions: Type.Array(
            condition(
              'request.verb, request.route, request.ip_address, request.headers.NAME or request.body.KEY',
            ),
          ),
        }),
        { description: 'One of them must be met, each with all its conditions' },
      ),
    ),
    response: optional(
      Type.Object({
        status: optional(Type.Integer({ description: 'Of the refusal' })),
        headers: optional(mapOf(Type.String())),
        body: Type.Optional(Type.Unknown({ description: 'JSON; {{name}} is filled in' })),
      }),
    ),
    variables: optional(
      Type.Array(Type.Object({ name: Type.String(), path: optional(Type.String()) }), {
        description: 'Names that {{name}} may use',
      }),
    ),
  },
  { title: 'Rule' },
)
export type Rule = Type.Static<typeof Rule>

export const RulesDocument = Type.Array(Rule, { title: 'RulesDocument' })
export type RulesDocument = Type.Static<typeof RulesDocument>
