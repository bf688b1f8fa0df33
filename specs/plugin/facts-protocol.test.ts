import { beforeEach, expect, test } from 'vitest'
import { FactsRoom } from './support/facts.ts'
import type { Pairs } from './support/header-map.ts'

let room: FactsRoom
beforeEach(async () => {
  room = await FactsRoom.open()
})

const OPAQUE = 0

const JSON_BODY = 1

const GRAPHQL = 2

test.each<[headers: Pairs, kind: number]>([
  [[], JSON_BODY],
  [[['content-type', 'application/json']], JSON_BODY],
  [[['content-type', 'application/JSON; charset=x']], JSON_BODY],
  [[['content-type', 'text/problem+json;a=graphql']], JSON_BODY],
  [[['content-type', 'jso']], OPAQUE],
  [[['content-type', 'text/plain;json']], OPAQUE],
  [[['content-type', 'jsojson']], JSON_BODY],
  [[['content-type', 'application/graphql']], GRAPHQL],
  [[['content-type', ' Application/GraphQL ; x=y']], GRAPHQL],
  [[['content-type', 'application/graphqls']], OPAQUE],
  [[['content-type', 'application/graphql+json']], JSON_BODY],
  [[['content-encoding', 'gzip']], OPAQUE],
  [[['content-encoding', 'identity']], JSON_BODY],
  [[['content-encoding', ' ']], JSON_BODY],
  [[['content-length', '1000']], JSON_BODY],
  [[['content-length', '1001']], OPAQUE],
  [[['content-length', '00001000']], JSON_BODY],
  [[['content-length', '18446744073709551617']], OPAQUE],
  [[['content-length', '999']], JSON_BODY],
  [
    [
      ['content-length', '2000'],
      ['content-type', 'application/graphql'],
    ],
    OPAQUE,
  ],
])('a request with %j has a body of kind %d', (headers, kind) => {
  room.request(headers)
  expect(room.facts.kindOfBody(1000)).toBe(kind)
})

test.each<[headers: Pairs, asks: boolean]>([
  [[], false],
  [[[':method', 'CONNECT']], true],
  [[[':method', 'GET']], false],
  [[[':method', 'CONNECTS']], false],
  [[['upgrade', 'websocket']], false],
  [[['connection', 'upgrade']], false],
  [
    [
      ['upgrade', 'websocket'],
      ['connection', 'Upgrade'],
    ],
    true,
  ],
  [
    [
      ['upgrade', 'websocket'],
      ['connection', 'close'],
    ],
    false,
  ],
  [
    [
      ['upgrade', 'h2c'],
      ['connection', 'keep-alive'],
      ['connection', 'x, upgrade'],
    ],
    true,
  ],
])('a request with %j asks for another protocol: %s', (headers, asks) => {
  room.request(headers)
  expect(Boolean(room.facts.asks())).toBe(asks)
})

test.each<[asked: boolean, status: number, length: string | null, switched: boolean]>([
  [false, 101, null, true],
  [true, 101, '5', true],
  [false, 200, null, false],
  [true, 199, null, false],
  [true, 200, null, true],
  [true, 299, null, true],
  [true, 300, null, false],
  [true, 200, '0', true],
  [true, 200, '1', false],
  [true, 200, '00', false],
  [true, 200, '', false],
  [true, 404, null, false],
])(
  'asked %s, answered %d with a length of %j: another protocol is %s',
  (asksFor, status, length, isOther) => {
    room.response(length === null ? [] : [['content-length', length]])
    expect(Boolean(room.facts.switched(Number(asksFor), status))).toBe(isOther)
  },
)
