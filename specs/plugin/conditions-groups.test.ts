import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import {
  ConditionRoom,
  LATER,
  NO,
  YES,
  all,
  one,
  type Group,
  type Request,
} from './support/conditions.ts'

let room: ConditionRoom
beforeAll(async () => {
  room = await ConditionRoom.open()
})

test('all conditions of a group have to be met, and one group of several', () => {
  room.read([
    all(['request.verb', 'GET'], ['request.route', '^/a']),
    all(['request.verb', 'POST'], ['response.status', '5..']),
  ])
  expect(room.outcome({ path: '/a' })).toBe(YES)
  expect(room.outcome({ path: '/b' })).toBe(NO)
  expect(room.outcome({ method: 'POST' })).toBe(LATER)
  expect([
    room.outcome({ method: 'POST', status: 500 }),
    room.outcome({ method: 'POST', status: 200 }),
  ]).toEqual([YES, NO])
  room.read([
    all(['response.status', '5..'], ['request.verb', 'GET']),
    all(['request.route', '^/a']),
  ])
  expect([
    room.outcome({ path: '/a' }),
    room.outcome({ path: '/b' }),
    room.outcome({ path: '/b', method: 'PUT' }),
  ]).toEqual([YES, LATER, NO])
  room.read([
    all(['request.route', '^/abc'], ['request.route', '^/abcdefgh'], ['request.route', '^/abcd']),
  ])
  expect([
    room.outcome({ path: '/abcdefghi' }),
    room.outcome({ path: '/abcdefg' }),
    room.outcome({ path: '/abc' }),
  ]).toEqual([YES, NO, NO])
  room.read([])
  expect([room.outcome({}), room.conditions.isEmpty()]).toEqual([NO, 1])
  for (const empty of [[{}], [{ conditions: [] }], [{ conditions: null }]]) {
    room.read(empty)
    expect([room.outcome({}), room.conditions.isEmpty(), room.conditions.problemCount()]).toEqual([
      YES,
      0,
      0,
    ])
  }
})

test('a preflight request meets only what names OPTIONS', () => {
  const preflight: Request = {
    method: 'OPTIONS',
    headers: [['access-control-request-method', 'PUT']],
  }
  for (const [pattern, expected] of [
    ['OPTIONS', YES],
    ['^(?:OPTIONS|GET)$', YES],
    ['GET', NO],
    ['', NO],
    ['.', NO],
  ] as const) {
    room.read(one('request.verb', pattern))
    expect(room.outcome(preflight), pattern).toBe(expected)
  }
  room.read([all(['request.route', '/'])])
  expect(room.outcome(preflight)).toBe(NO)
  expect(room.conditions.isPreflight()).toBe(1)
  expect(room.outcome({ method: 'OPTIONS' })).toBe(YES)
  expect(room.outcome({ ...preflight, method: 'GET' })).toBe(YES)
  expect(room.conditions.isPreflight()).toBe(0)
  room.outcome(preflight)
  room.withText(JSON.stringify(one('request.route', '/')), (at) =>
    expect(room.conditions.skips(at) & 9).toBe(9),
  )
})

const skips = (list: Group[]) => {
  room.outcome({ path: '/health' })
  return room.withText(JSON.stringify(list), (at) => room.conditions.skips(at) & 7)
}

test('rules to skip say what they look at', () => {
  expect(skips(one('request.route', '^/health'))).toBe(1)
  expect(skips(one('request.route', '^/x'))).toBe(0)
  expect(skips(one('response.status', '2'))).toBe(0)
  expect(skips(one('request.body.a', 'x'))).toBe(2)
  expect(
    skips([...one('request.route', '^/x'), all(['request.verb', 'PUT'], ['request.body.a', 'x'])]),
  ).toBe(2)
  expect(skips([...one('request.route', '^/x'), {}])).toBe(5)
  expect(skips([])).toBe(0)
})

test('groups say what they look at', () => {
  const paths = [
    'request.verb',
    'request.route',
    'request.ip_address',
    'request.headers.a',
    'request.body.a',
    'response.status',
  ]
  for (const [index, path] of paths.entries()) {
    room.read(one(path, 'x'))
    expect(room.conditions.fields()).toBe(1 << (index + 1))
  }
  room.read([all(['request.verb', 'x'], ['request.body.a', 'y']), all(['response.status', '2'])])
  expect(room.conditions.fields()).toBe((1 << 1) | (1 << 5) | (1 << 6))
})

const fieldOf: Record<
  string,
  (request: Required<Pick<Request, 'method' | 'path'>> & { plan: string; status: number }) => string
> = {
  'request.verb': ({ method }) => method,
  'request.route': ({ path }) => path.split('?')[0]! || '/',
  'request.headers.x-plan': ({ plan }) => plan,
  'response.status': ({ status }) => String(status),
}

test('any groups are met by what meets all conditions of one', () => {
  const condition = fc.record({
    path: fc.constantFrom(...Object.keys(fieldOf)),
    value: fc.constantFrom(
      '^/a',
      '^/ab$',
      '^/api/v1/us',
      'GET',
      '^P',
      'gold',
      '^2',
      '0',
      '.',
      '^(?:GET|/a|gold|200)$',
      'T',
    ),
  })
  const groups = fc.array(fc.record({ conditions: fc.array(condition, { maxLength: 3 }) }), {
    maxLength: 4,
  })
  const exchange = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PURGE'),
    path: fc.constantFrom(
      '/',
      '/a',
      '/ab',
      '/abc?x=/api',
      '/api/v1/users',
      '/api/v1/us',
      '/api/v1/u',
    ),
    plan: fc.constantFrom('gold', 'silver'),
    status: fc.constantFrom(200, 404),
  })
  fc.assert(
    fc.property(groups, fc.array(exchange, { minLength: 1, maxLength: 6 }), (list, exchanges) => {
      room.read(list)
      for (const each of exchanges) {
        const isMet = list.some((group) =>
          group.conditions.every(({ path, value }) => new RegExp(value).test(fieldOf[path]!(each))),
        )
        expect(room.outcome({ ...each, headers: [['x-plan', each.plan]] })).toBe(isMet ? YES : NO)
      }
    }),
    { numRuns: 300 },
  )
})

const LISTS = [
  [
    all(['request.verb', 'GET'], ['request.headers.a', 'x'], ['request.body.b', 'y']),
    all(['request.verb', 'a(']),
  ],
  [1, { conditions: [{ path: 'request.uri', value: 'x' }] }],
  { a: 1 },
  [],
]

function readAll(): void {
  for (const list of LISTS) room.read(list)
  room.outcome({ headers: [['a', 'x']], body: '{"b":"y"}', view: 'json' })
  room.withText(JSON.stringify(LISTS[0]), (at) => room.conditions.skips(at))
}

test('lists of conditions give their memory back', async () => {
  room = await ConditionRoom.open()
  expect(room.plugin.leakOf(readAll)).toBe(0)
})

test('a pattern that many conditions share is compiled once, however many others there are', () => {
  const patterns = Array.from({ length: 600 }, (_, i) => `^/p${i}$`)
  room.read(patterns.map((pattern) => all(['request.route', pattern])))
  const once = room.conditions.patternBytes()
  room.read([...patterns, ...patterns].map((pattern) => all(['request.route', pattern])))

  // Blocks that are found to be free may be somewhat larger.
  expect(room.conditions.patternBytes()).toBeLessThan(once * 1.02)
})

test('a verb is the whole of it', () => {
  for (const verb of [
    'GET',
    'POST',
    'PUT',
    'DELETE',
    'PATCH',
    'HEAD',
    'OPTIONS',
    'CONNECT',
    'TRACE',
  ]) {
    room.read(one('request.verb', `^${verb}$`))
    const others = [verb.slice(0, -1), `${verb}X`, verb.toLowerCase(), verb.slice(1)]
    expect(room.outcome({ method: verb })).toBe(YES)
    expect(others.map((method) => room.outcome({ method }))).toEqual([NO, NO, NO, NO])
    room.read(one('request.verb', `^.{${verb.length + 1}}$`))
    expect([verb, ...others].map((method) => room.outcome({ method }))).toEqual([
      NO,
      NO,
      YES,
      NO,
      NO,
    ])
  }
})

test('the beginning of a route is compared to the last of its bytes', () => {
  const route = '/abcdefghijk'
  for (let length = 1; length <= route.length; length++) {
    const beginning = route.slice(0, length)
    room.read(one('request.route', `^${beginning}`))
    const other = `${beginning.slice(0, -1)}?`
    expect([beginning, `${beginning}x`, other].map((path) => room.outcome({ path }))).toEqual(
      length === 1 ? [YES, YES, YES] : [YES, YES, NO],
    )
    room.read([all(['request.route', `^${beginning}`], ['request.route', 'k$'])])
    expect([route, beginning].map((path) => room.outcome({ path }))).toEqual([
      YES,
      length === route.length ? YES : NO,
    ])
  }
})
