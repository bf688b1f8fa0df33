import { Type } from 'typebox'
import { exact, mapOf, textOrNull } from './shapes.ts'

const body = Type.Optional(
  Type.Unknown({
    description: 'A string is sent as it is, anything else as JSON; see bodyIsBase64',
  }),
)
const base64 = Type.Optional(
  Type.Boolean({ description: '`body` is base64 of the bytes to send', default: false }),
)

/** A request, and what the upstream would answer to it. */
export const TrySpec = exact(
  {
    eventId: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Takes what is not given below from this event' }),
    ),
    verb: Type.Optional(Type.String({ minLength: 1 })),
    uri: Type.Optional(Type.String({ minLength: 1, description: 'https://api.example.com/path' })),
    headers: Type.Optional(mapOf(Type.String())),
    body,
    bodyIsBase64: base64,
    userId: Type.Optional(Type.String({ description: 'The user who calls; none by default' })),
    companyId: Type.Optional(Type.String()),
    ipAddress: Type.Optional(Type.String()),
    upstreamStatus: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, default: 200 })),
    options: Type.Optional(
      mapOf(Type.Unknown(), {
        description: 'Options of the plugin; enable_governance is true by default',
      }),
    ),
  },
  { title: 'TrySpec' },
)
export type TrySpec = Type.Static<typeof TrySpec>

/** What the plugin does with the call under the current config and rules documents. */
export const TryAnswer = exact(
  {
    blockedBy: textOrNull({ description: '_id of the rule that refused the call' }),
    reachedUpstream: Type.Boolean(),
    marks: Type.Array(Type.String(), {
      description: "Headers that rules set on the upstream's response",
    }),
    kept: Type.Boolean({ description: 'False when sampling drops the event' }),
    response: exact({
      status: Type.Integer(),
      headers: mapOf(Type.String()),
      body: Type.String(),
    }),
    event: Type.Unknown({ description: 'The event as it would be sent; null when it is not kept' }),
    messages: Type.Array(Type.String(), { description: 'Log lines of the plugin' }),
  },
  { title: 'TryAnswer' },
)
export type TryAnswer = Type.Static<typeof TryAnswer>

/** The documents that the collector would serve to a gateway. */
export interface ServedDocuments {
  config: string
  rules: string
}

/**
 * Runs a call through the plugin with these documents.
 *
 * @note passed to the mock as an option: the mock depends neither on the plugin nor on an Envoy.
 */
export type TryCall = (documents: ServedDocuments, spec: TrySpec) => Promise<TryAnswer>

/** Thrown by a TryCall when the plugin is not built; the message says what to do. */
export class PluginNotBuilt extends Error {}
