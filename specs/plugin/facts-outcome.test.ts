import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import { uint64 } from './support/little-endian.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

test.each<[header: string | null, property: bigint | null, status: number]>([
  ['200', null, 200],
  ['100', 503n, 100],
  ['999', null, 999],
  ['099', null, 0],
  ['099', 503n, 503],
  ['2000', 503n, 503],
  ['20', null, 0],
  ['2x0', 503n, 503],
  ['', 404n, 404],
  [null, null, 0],
  [null, 100n, 100],
  [null, 99n, 0],
  [null, 999n, 999],
  [null, 1000n, 0],
  [null, 0n, 0],
  [null, -1n, 0],
  [null, 2n ** 32n + 200n, 0],
])('a response with :status %j and a code of %s has the status %d', (header, property, status) => {
  if (property !== null) room.properties = { 'response.code': uint64(property) }
  room.response(header === null ? [] : [[':status', header]])
  if (header !== '2x0') expect(room.facts.status()).toBe(status)
})

function outcome(status: number, whole: boolean, logged: boolean, details?: string) {
  room.properties = {
    'response.flags': uint64(0x4002n),
    'response.grpc_status': uint64(7n),
    ...(details === undefined ? {} : { 'response.code_details': Buffer.from(details) }),
  }
  room.facts.askOutcome(status, Number(whole), Number(logged))
  return [
    room.spanAt(room.facts.details()),
    Number(room.facts.flags()),
    Number(room.facts.grpcStatus()),
  ]
}

test('an ending is in Envoy’s words where it is not a whole answer of the upstream', () => {
  room.request([])
  expect(outcome(200, true, true, 'via_upstream')).toEqual(['', 0, -1])
  expect(outcome(200, false, true, 'via_upstream')).toEqual(['via_upstream', 0, -1])
  expect(outcome(399, false, true, 'via_upstream')).toEqual(['via_upstream', 0, -1])
  expect(outcome(400, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(199, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(0, false, true, 'via_upstream')).toEqual(['via_upstream', 0x4002, -1])
  expect(outcome(200, false, true, 'via_upstreams')).toEqual(['via_upstreams', 0x4002, -1])
  expect(outcome(200, false, true)).toEqual(['', 0x4002, -1])
  expect(outcome(200, true, true)).toEqual(['', 0, -1])
})

test('where Envoy has no word for an ending, there is none', () => {
  room.request([['content-type', 'application/grpc']])
  outcome(503, false, true, 'overflow')
  room.properties = {}
  room.facts.askOutcome(503, 0, 1)
  expect([room.facts.flags(), room.facts.grpcStatus()]).toEqual([0n, -1n])
  expect(room.spanAt(room.facts.details())).toBe('')
})

test.each<[type: string | null, isGrpc: boolean]>([
  ['application/grpc', true],
  ['application/grpc-web', true],
  ['application/grpc+proto', true],
  ['application/grp', false],
  ['xpplication/grpc', false],
  ['application/json', false],
  [null, false],
])('an answer to a request of type %j has a status of gRPC: %s', (type, isGrpc) => {
  room.request(type === null ? [] : [['content-type', type]])
  expect(outcome(200, true, true)[2]).toBe(isGrpc ? 7 : -1)
  expect(outcome(200, true, false)[2]).toBe(-1)
})
