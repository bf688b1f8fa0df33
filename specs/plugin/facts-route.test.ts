import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import { uint64 } from './support/little-endian.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

const askRoute = () => [room.spanAt(room.facts.routeName()), room.spanAt(room.facts.clusterName())]

test('names of routes are asked for once in 16 while none has one, and always from then on', () => {
  room.properties = { 'xds.cluster_name': Buffer.from('c') }
  for (let i = 0; i < 33; i++) expect(askRoute()).toEqual(['', 'c'])
  expect(room.asked.filter((name) => name === 'xds.route_name')).toHaveLength(3)
  room.properties = { 'xds.route_name': Buffer.from('r') }
  for (let i = 0; i < 15; i++) expect(askRoute()).toEqual(['', ''])
  for (let i = 0; i < 5; i++) expect(askRoute()).toEqual(['r', ''])
  room.properties = {}
  expect(askRoute()).toEqual(['', ''])
  room.properties = { 'xds.route_name': Buffer.from('s') }
  expect(askRoute()).toEqual(['s', ''])
})

test('a route and its cluster have a number of their own, none without a cluster', () => {
  const fingerprint = (route: string, cluster: string) =>
    room.withText(route, (at, length) =>
      room.withText(cluster, (other, size) => room.facts.fingerprint(at, length, other, size)),
    )
  const texts = [
    '',
    'a',
    'b',
    'ab',
    'route-1',
    'route-12',
    'route-123',
    'route-1234',
    'route-12345678',
    'route-12345679',
    'xoute-12345679',
  ]
  const seen = new Set<bigint>()
  for (const route of texts) {
    expect(fingerprint(route, '')).toBe(0n)
    for (const cluster of texts.slice(1)) {
      const number = fingerprint(route, cluster)
      expect(number & 1n).toBe(1n)
      expect(fingerprint(route, cluster)).toBe(number)
      seen.add(number)
    }
  }
  expect(seen.size).toBe(texts.length * (texts.length - 1))
  room.withText('abcdefgh1', (at) =>
    room.withText('abcdefgh2', (other) => {
      expect(room.facts.fingerprint(at, 8, at, 8)).toBe(room.facts.fingerprint(other, 8, other, 8))
      expect(room.facts.fingerprint(at, 9, at, 8)).not.toBe(room.facts.fingerprint(other, 9, at, 8))
    }),
  )
})

const node = (id: string, direction = 2n) => ({
  'xds.node.id': Buffer.from(id),
  'xds.listener_direction': uint64(direction),
})

test('an answer of a listener holds a second for a route, and each route has its own', () => {
  const [one, other] = [5n << 32n, 6n << 32n]
  room.properties = node('envoy')
  expect(room.facts.isOutgoing(one, 10_000n)).toBe(1)
  room.properties = node('envoy', 1n)
  expect(room.facts.isOutgoing(one, 10_999n)).toBe(1)
  expect(room.facts.isOutgoing(other, 10_999n)).toBe(0)
  expect(room.facts.isOutgoing(one, 11_000n)).toBe(0)
  room.properties = node('envoy')
  expect(room.facts.isOutgoing(other, 11_998n)).toBe(0)
  expect(room.facts.isOutgoing(other, 11_999n)).toBe(1)
  // Two routes in one place: the number decides.
  room.properties = node('envoy', 1n)
  expect(room.facts.isOutgoing((5n + 64n) << 32n, 11_500n)).toBe(0)
  expect(room.facts.isOutgoing(one, 11_500n)).toBe(0)
  room.properties = node('envoy')
  expect(room.facts.isOutgoing(one | 1n, 11_500n)).toBe(1)
})

test('64 routes are remembered at a time', () => {
  room.properties = node('envoy')
  for (let route = 0n; route < 64n; route++) room.facts.isOutgoing((route << 32n) | 1n, 1000n)
  const before = room.asked.length
  for (let route = 0n; route < 64n; route++) room.facts.isOutgoing((route << 32n) | 1n, 1100n)
  expect(room.asked).toHaveLength(before)
})

test('without a cluster a listener is asked each time', () => {
  room.properties = node('envoy')
  expect(room.facts.isOutgoing(0n, 0n)).toBe(1)
  room.properties = node('envoy', 1n)
  expect(room.facts.isOutgoing(0n, 0n)).toBe(0)
})

test.each<[id: string, outgoing: boolean, asksEachTime: boolean]>([
  ['router~10.0.0.1~x', false, false],
  ['router~', false, false],
  ['router', true, false],
  ['sidecar~10.0.0.1~x', true, true],
  ['sidecar', true, false],
  ['sidecars~', true, false],
  ['', true, false],
])('a node named %j goes out: %s', (id, outgoing, asksEachTime) => {
  room.properties = node(id)
  for (let i = 0; i < 3; i++) expect(Boolean(room.facts.isOutgoing(1n << 40n, 100n))).toBe(outgoing)
  expect(room.asked.filter((name) => name === 'xds.node.id')).toHaveLength(1)
  const times = room.asked.filter((name) => name === 'xds.listener_direction')
  expect(times).toHaveLength(outgoing ? (asksEachTime ? 3 : 1) : 0)
})

function useRoute(): void {
  room.facts.readRequest(0, 0)
  room.facts.isOutgoing(1n << 33n, 5n)
  room.facts.begin()
}

test('what is remembered of routes is given back', () => {
  room.properties = node('envoy')
  expect(room.plugin.leakOf(useRoute)).toBe(0)
})
