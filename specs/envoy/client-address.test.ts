import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { ListenerOptions } from '#sandbox/envoy/listener.ts'
import { Gateway } from '#specs/support/gateway.ts'
import { eventWithHeaders } from '#specs/support/marked-event.ts'

/** What a client writes that wants to be another. */
const SPOOFED = '203.0.113.66'
/** Documentation's address of the real client, as a trusted proxy wrote it down. */
const CLIENT = '198.51.100.7'
const PROXY = '198.51.100.200'
/** Who is connected, in every case here: loopback, or the engine's bridge when Envoy is in a container. */
const CONNECTED = inject('envoyRuntime').bindHost

const soon = { batch_max_size: 1 }
const forwardedFor = (number: number) => ({
  ...soon,
  client_ip_sources: [`header:x-forwarded-for:${number}`, 'peer'],
})

const edge = (xffTrustedHops = 0): Partial<ListenerOptions> => ({
  useRemoteAddress: true,
  xffTrustedHops,
})

const removeMutations = [{ remove: 'x-client-ip' }, { remove: 'x-forwarded-for' }]

const listeners = {
  // Envoy says: use_remote_address and the number of proxies in front.
  'envoy-no-proxy': { plugin: soon, listener: edge(0) },
  'envoy-one-proxy': { plugin: soon, listener: edge(1) },
  'envoy-two-proxies': { plugin: soon, listener: edge(2) },
  // Only the plugin's option names the proxies: Envoy is not configured for them, and adds one element itself.
  'option-one-proxy': { plugin: forwardedFor(2), listener: edge(0) },
  'option-two-proxies': { plugin: forwardedFor(3), listener: edge(0) },
  // Inside, Envoy believes the header and adds nothing.
  'inside-one-proxy': { plugin: soon, listener: {} },
  // Any header, as Moesif's other plugins do.
  believing: {
    plugin: {
      ...soon,
      client_ip_sources: ['header:x-client-ip', 'header:x-forwarded-for', 'peer'],
    },
    listener: edge(0),
  },
  // What docs/troubleshooting.md gives as remedies, for those who keep such sources.
  'early-mutation': {
    plugin: { ...soon, client_ip_sources: ['header:x-client-ip', 'peer'] },
    listener: {
      ...edge(0),
      hcm: {
        early_header_mutation_extensions: [
          {
            name: 'envoy.http.early_header_mutation.header_mutation',
            typed_config: {
              '@type':
                'type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
              mutations: removeMutations,
            },
          },
        ],
      },
    },
  },
  'filter-in-front': {
    plugin: { ...soon, client_ip_sources: ['header:x-client-ip', 'peer'] },
    listener: {
      ...edge(0),
      filtersBefore: [
        {
          name: 'envoy.filters.http.header_mutation',
          typed_config: {
            '@type':
              'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
            mutations: { request_mutations: removeMutations },
          },
        },
      ],
    },
  },
  'removal-in-the-route': {
    plugin: { ...soon, client_ip_sources: ['header:x-client-ip', 'peer'] },
    listener: { ...edge(0), virtualHost: { request_headers_to_remove: ['x-client-ip'] } },
  },
}

let gateway: Gateway<keyof typeof listeners>

beforeAll(async () => {
  gateway = await Gateway.start({ listeners })
})
afterAll(async () => await gateway?.[Symbol.asyncDispose]())

/** The client's address in the event of a request that arrives with these headers. */
async function addressOf(name: keyof typeof listeners, headers: Record<string, string>) {
  const { event } = await eventWithHeaders(gateway.listener(name), headers)
  return event.request.ip_address
}

/** As the proxies in front leave the header, each having added whom it was called by. */
const through = {
  'no proxy': SPOOFED,
  'one proxy': `${SPOOFED}, ${CLIENT}`,
  'two proxies': `${SPOOFED}, ${CLIENT}, ${PROXY}`,
}

test.each([
  ['envoy-no-proxy', through['no proxy'], CONNECTED],
  ['envoy-one-proxy', through['one proxy'], CLIENT],
  ['envoy-two-proxies', through['two proxies'], CLIENT],
  ['option-one-proxy', through['one proxy'], CLIENT],
  ['option-two-proxies', through['two proxies'], CLIENT],
  ['inside-one-proxy', through['one proxy'], CLIENT],
] as const)('a client cannot write its own address: %s', async (name, header, address) => {
  expect(await addressOf(name, { 'x-forwarded-for': header, 'x-client-ip': SPOOFED })).toBe(address)
})

test('a source without a number believes whoever wrote the header', async () => {
  expect(await addressOf('believing', { 'x-client-ip': SPOOFED })).toBe(SPOOFED)
  expect(await addressOf('believing', { 'x-forwarded-for': SPOOFED })).toBe(SPOOFED)
})

test.each(['early-mutation', 'filter-in-front'] as const)(
  'a header that is removed in front of the plugin is not believed: %s',
  async (name) => {
    expect(await addressOf(name, { 'x-client-ip': SPOOFED })).toBe(CONNECTED)
  },
)

test('a header that the router removes is seen by the plugin all the same', async () => {
  expect(await addressOf('removal-in-the-route', { 'x-client-ip': SPOOFED })).toBe(SPOOFED)
})
