import { Type } from 'typebox'
import { count, exact, mapOf, textOrNull } from './shapes.ts'

const httpUrl = (description: string) =>
  Type.String({ format: 'http-url', pattern: '^https?://[^/?#]', description })

/** The gateway in front of the mock, as it is configured. */
export const GatewaySpec = exact(
  {
    listenerUrl: httpUrl('Its address for clients'),
    adminUrl: httpUrl("Envoy's admin interface, as the browser reaches it"),
    adminUrlFromMock: Type.Optional(
      httpUrl('The admin interface as the mock reaches it; adminUrl by default'),
    ),
    listenerUrlFromMock: Type.Optional(
      httpUrl('The listener as the mock reaches it; listenerUrl by default'),
    ),
    options: Type.Optional(
      mapOf(Type.Unknown(), { description: 'Options of the plugin; read from Envoy when absent' }),
    ),
    envoyVersion: Type.Optional(textOrNull({ description: 'Read from Envoy when absent' })),
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
      description: 'Options of the plugin; only the last four characters of an application id',
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

/** The plugin's counters at one time. */
export const CounterSample = exact(
  { at: count({ description: 'Unix ms' }), counters: mapOf(Type.Number()) },
  { title: 'CounterSample' },
)
export type CounterSample = Type.Static<typeof CounterSample>
