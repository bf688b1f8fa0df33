import { expect, test } from 'vitest'
import { APPLICATION_ID, eventsOf, pluginBytes } from './support/plugin-under-test.ts'
import { Emulator } from '#sandbox/emulator/index.ts'

const UNSPECIFIED = 0
const INBOUND = 1
const OUTBOUND = 2

const directionsOf = async (nodeId: string | undefined, listeners: number[]) => {
  const emulator = await Emulator.load(await pluginBytes())
  const properties: Record<string, string> = nodeId ? { 'xds.node.id': nodeId } : {}
  emulator.configure({ moesif_application_id: APPLICATION_ID }, { properties })
  for (const listenerDirection of listeners) {
    emulator.worker(0).exchange({ facts: { listenerDirection } })
  }
  return { emulator, directions: eventsOf(emulator).map((event) => event.direction) }
}

test("an Istio gateway's exchanges come in, although its listener is OUTBOUND", async () => {
  const { directions } = await directionsOf('router~10.0.0.1~gw.ns~ns.svc', [OUTBOUND])

  expect(directions).toEqual(['Incoming'])
})

test('a gateway is not asked for the direction of its listeners', async () => {
  const gateway = await directionsOf('router~x', [OUTBOUND, OUTBOUND, OUTBOUND])
  const sidecar = await directionsOf('sidecar~x', [OUTBOUND, OUTBOUND, OUTBOUND])

  const [fewer, more] = [gateway, sidecar].map(
    ({ emulator }) => emulator.hostCalls.of('proxy_get_property').calls,
  )
  expect(more).toBe(Number(fewer) + 3)
})

test('a sidecar has both directions, under one configuration', async () => {
  const node = 'sidecar~10.0.0.1~app.ns~ns.svc'

  const { directions } = await directionsOf(node, [INBOUND, OUTBOUND, INBOUND])

  expect(directions).toEqual(['Incoming', 'Outgoing', 'Incoming'])
})

test('a plain Envoy goes by the traffic_direction of its listener', async () => {
  const { directions } = await directionsOf('edge-1', [UNSPECIFIED, INBOUND, OUTBOUND])

  expect(directions).toEqual(['Incoming', 'Incoming', 'Outgoing'])
})

test('an Envoy that has no node id works as well', async () => {
  const { directions } = await directionsOf(undefined, [UNSPECIFIED, OUTBOUND])

  expect(directions).toEqual(['Incoming', 'Outgoing'])
})
