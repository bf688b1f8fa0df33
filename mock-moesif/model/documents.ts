import { Type } from 'typebox'
import { mapOf } from './shapes.ts'

export type DocumentKind = 'config' | 'rules'

/** Null counts as absent, as in Moesif's own clients; unknown members are accepted. */
const optional = <Schema extends Type.TSchema>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const text = (description: string) => Type.String({ description })

const SampleRate = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'Percent of the traffic to keep; the plugin has a resolution of 0.01',
})

const condition = (paths: string) =>
  Type.Object({
    path: Type.String({ minLength: 1, description: paths }),
    value: Type.String({ description: 'A regular expression that matches anywhere in the value' }),
  })

/** A user's or company's membership in the cohort of a rule, with the values for the templates of its response. */
const CohortEntry = Type.Object({
  rules: Type.String({ minLength: 1, description: '_id of the rule' }),
  values: optional(mapOf(Type.String(), { description: 'Values for {{name}} in the response' })),
})

/** What GET /v1/config serves. */
export const ConfigDocument = Type.Object(
  {
    org_id: optional(text('For example 640:128')),
    app_id: optional(text('For example 617:473')),
    sample_rate: optional(SampleRate),
    user_sample_rate: optional(mapOf(SampleRate, { description: 'By user_id' })),
    company_sample_rate: optional(mapOf(SampleRate, { description: 'By company_id' })),
    regex_config: optional(
      Type.Array(
        Type.Object({
          conditions: Type.Array(
            condition('request.verb, request.route, request.ip_address or response.status'),
            { description: 'All must match' },
          ),
          sample_rate: SampleRate,
        }),
        { description: 'The first entry whose conditions match gives a rate' },
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
    _id: Type.String({ minLength: 1, description: 'The id that blocked_by of an event has' }),
    name: optional(Type.String()),
    org_id: optional(Type.String()),
    app_id: optional(Type.String()),
    created_at: optional(Type.String()),
    type: Type.Enum(['user', 'company', 'regex']),
    block: optional(
      Type.Boolean({ description: 'Refuses the call; if false, only headers are set' }),
    ),
    applied_to: optional(
      Type.Enum(['matching', 'not_matching'], {
        description: 'Applies to members of the cohort of the rule, or to all others',
      }),
    ),
    applied_to_unidentified: optional(
      Type.Boolean({ description: 'Applies also to calls without a user or company' }),
    ),
    priority: optional(Type.Number({ description: 'The lowest number wins' })),
    regex_config: optional(
      Type.Array(
        Type.Object({
          conditions: Type.Array(
            condition(
              'request.verb, request.route, request.ip_address, request.headers.NAME or request.body.KEY',
            ),
          ),
        }),
        { description: 'One entry must match, with all its conditions' },
      ),
    ),
    response: optional(
      Type.Object({
        status: optional(Type.Integer({ description: 'Status of the response to a refused call' })),
        headers: optional(mapOf(Type.String())),
        body: Type.Optional(Type.Unknown({ description: 'JSON; {{name}} is replaced' })),
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
