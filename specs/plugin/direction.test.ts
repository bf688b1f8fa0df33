import { expect, test } from 'vitest'
import { APPLICATION_ID, eventsOf, pluginBytes, startPlugin } from './support/plugin-under-test.ts'
import { MoesifEmulator, type ExchangeScript } from '#sandbox/emulated-plugin/index.ts'

const UNSPECIFIED = 0
const INBOUND = 1
const OUTBOUND = 2

const directionsOf = async (
  nodeId: string | undefined,
  listeners: number[],
  facts: (direction: number) => ExchangeScript['facts'] = () => ({}),
) => {
  const emulator = await MoesifEmulator.load(await pluginBytes())
  const properties: Record<string, string> = nodeId ? { 'xds.node.id': nodeId } : {}
  emulator.configure({ moesif_application_id: APPLICATION_ID }, { properties })
  for (const listenerDirection of listeners) {
    emulator.worker(0).exchange({ facts: { listenerDirection, ...facts(listenerDirection) } })
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

test.each([['edge-1'], [undefined]])(
  'a plain Envoy (node id %s) goes by the traffic_direction of its listener',
  async (node) => {
    const listeners = [UNSPECIFIED, INBOUND, OUTBOUND, INBOUND, OUTBOUND]

    const { directions } = await directionsOf(node, listeners, (direction) => ({
      clusterName: `to-${direction}`,
    }))

    expect(directions).toEqual(['Incoming', 'Incoming', 'Outgoing', 'Incoming', 'Outgoing'])
  },
)

test('what went to no cluster is asked for its direction each time', async () => {
  const { directions } = await directionsOf('edge-1', [INBOUND, OUTBOUND, INBOUND], () => ({
    clusterName: null,
  }))

  expect(directions).toEqual(['Incoming', 'Outgoing', 'Incoming'])
})

test('without metadata there is no route to go by, and each exchange is asked', async () => {
  const emulator = await startPlugin({ disable_metadata: true })
  for (const listenerDirection of [INBOUND, OUTBOUND, INBOUND]) {
    emulator.worker(0).exchange({ facts: { listenerDirection } })
  }

  const directions = eventsOf(emulator).map((event) => event.direction)
  expect(directions).toEqual(['Incoming', 'Outgoing', 'Incoming'])
})

test('a listener of a plain Envoy that is given another direction has it a second later', async () => {
  const emulator = await startPlugin()
  const exchange = (listenerDirection: number) =>
    emulator.worker(0).exchange({ facts: { listenerDirection } })
  exchange(INBOUND)
  const asked = emulator.hostCalls.of('proxy_get_property').calls
  exchange(INBOUND)
  const askedAgain = emulator.hostCalls.of('proxy_get_property').calls - asked
  emulator.advance(999)
  exchange(OUTBOUND)
  emulator.advance(1)
  exchange(OUTBOUND)

  const directions = eventsOf(emulator).map((event) => event.direction)
  expect(directions).toEqual(['Incoming', 'Incoming', 'Incoming', 'Outgoing'])
  expect(askedAgain).toBeLessThan(asked)
})
