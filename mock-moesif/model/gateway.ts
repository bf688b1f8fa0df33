import { Type } from 'typebox'
import { exact, mapOf, textOrNull } from './shapes.ts'

const httpUrl = (description: string) =>
  Type.String({ format: 'http-url', pattern: '^https?://[^/?#]', description })

/** The gateway in front of the mock, as it is configured. */
export const GatewaySpec = exact(
  {
    listenerUrl: httpUrl('Where people call it'),
    adminUrl: httpUrl("Envoy's admin, as people reach it"),
    adminUrlFromMock: Type.Optional(httpUrl('As the mock reaches it; adminUrl by default')),
    listenerUrlFromMock: Type.Optional(httpUrl('Where the mock calls it; listenerUrl by default')),
    options: Type.Optional(
      mapOf(Type.Unknown(), { description: "The plugin's; read from Envoy when left out" }),
    ),
    envoyVersion: Type.Optional(textOrNull({ description: 'Read from Envoy when left out' })),
  },
  { title: 'GatewaySpec' },
)
export type GatewaySpec = Type.Static<typeof GatewaySpec>

/** What is known of the gateway; counters are read from Envoy's admin at each call. */
export const Gateway = exact(
  {
    listenerUrl: Type.String(),
    adminUrl: Type.String(),
    options: mapOf(Type.Unknown(), {
      description: "The plugin's; of an application id the last four characters",
    }),
    envoyVersion: textOrNull(),
    reachable: Type.Boolean(),
    counters: mapOf(Type.Number(), {
      description: 'e.g. moesif_events_captured_total: 12; empty when Envoy is not reached',
    }),
  },
  { title: 'Gateway' },
)
export type Gateway = Type.Static<typeof Gateway>
