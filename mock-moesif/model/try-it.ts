import { Type } from 'typebox'
import { exact, mapOf, textOrNull } from './shapes.ts'

const body = Type.Optional(
  Type.Unknown({ description: 'A text as it is, anything else as JSON; base64 as said below' }),
)
const base64 = Type.Optional(
  Type.Boolean({ description: 'The body is base64 of its bytes', default: false }),
)

/** A request, and what the upstream would answer to it. */
export const TrySpec = exact(
  {
    eventId: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Take what is not given below from this event' }),
    ),
    verb: Type.Optional(Type.String({ minLength: 1 })),
    uri: Type.Optional(Type.String({ minLength: 1, description: 'https://api.example.com/path' })),
    headers: Type.Optional(mapOf(Type.String())),
    body,
    bodyIsBase64: base64,
    userId: Type.Optional(Type.String({ description: 'As whom; nobody when empty' })),
    companyId: Type.Optional(Type.String()),
    ipAddress: Type.Optional(Type.String()),
    upstreamStatus: Type.Optional(Type.Integer({ minimum: 200, maximum: 599, default: 200 })),
    options: Type.Optional(
      mapOf(Type.Unknown(), { description: 'Of the plugin; governance is on unless said here' }),
    ),
  },
  { title: 'TrySpec' },
)
export type TrySpec = Type.Static<typeof TrySpec>

/** What the plugin made of it, with the config and rules documents as they are now. */
export const TryAnswer = exact(
  {
    blockedBy: textOrNull({ description: '_id of the rule that refused the call' }),
    reachedUpstream: Type.Boolean(),
    marks: Type.Array(Type.String(), {
      description: "Headers that rules set on the upstream's response",
    }),
    kept: Type.Boolean({ description: 'False when sampling left it out' }),
    response: exact({
      status: Type.Integer(),
      headers: mapOf(Type.String()),
      body: Type.String(),
    }),
    event: Type.Unknown({ description: 'As it would be sent; null when it is not kept' }),
    messages: Type.Array(Type.String(), { description: 'Log lines of the plugin' }),
  },
  { title: 'TryAnswer' },
)
export type TryAnswer = Type.Static<typeof TryAnswer>

/** What the collector would serve to a gateway. */
export interface ServedDocuments {
  config: string
  rules: string
}

/**
 * Lets a call pass the plugin, with these documents.
 *
 * @note the mock is given one from outside: it knows neither the plugin nor an Envoy.
 */
export type TryCall = (documents: ServedDocuments, spec: TrySpec) => Promise<TryAnswer>

/** Thrown by a TryCall that has no plugin to ask; the message says what to do. */
export class PluginNotBuilt extends Error {}
