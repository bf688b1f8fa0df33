import { beforeAll, expect, test } from 'vitest'
import { ConditionRoom, LATER, NO, YES, one, type Request } from './support/conditions.ts'

let room: ConditionRoom
beforeAll(async () => {
  room = await ConditionRoom.open()
})

const VERBS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'PROPFIND',
  'GETS',
  'get',
  '',
]

test('a condition on the verb is met by those that match it, of the nine and of all others', () => {
  for (const pattern of [
    '^GET$',
    'GET',
    '^(?:POST|PATCH)$',
    'E',
    '^PROPFIND$',
    '^[a-z]+$',
    '',
    '^$',
    'T$',
    'OPTIONS',
    'TRACE',
  ]) {
    room.read(one('request.verb', pattern))
    for (const method of VERBS) {
      expect(room.outcome({ method }), `${pattern} ${method}`).toBe(
        new RegExp(pattern).test(method) ? YES : NO,
      )
    }
  }
})

test('a condition on the route is met by the path without its query', () => {
  const routes = [
    '/',
    '/a',
    '/api',
    '/api/v1',
    '/api/v1/users',
    '/api/v2',
    '/apj/v1/users',
    'x/api',
    '/api/v1/userz',
  ]
  const patterns = [
    '^/api',
    '^/api/v1',
    '^/api/v1/',
    '^/api/v1/users$',
    '^/a$',
    '^/$',
    'api',
    '^(?:/api|/a)',
    'users$',
    '^/api/v1/[a-z]',
  ]
  for (const pattern of patterns) {
    room.read(one('request.route', pattern))
    for (const path of routes) {
      const expected = new RegExp(pattern).test(path) ? YES : NO
      expect(room.outcome({ path }), `${pattern} ${path}`).toBe(expected)
      expect(room.outcome({ path: `${path}?a=/api/v1/users` })).toBe(expected)
    }
  }
  room.read(one('request.route', '^/$'))
  for (const path of ['?a', '', '/?', '?']) expect(room.outcome({ path })).toBe(YES)
  room.outcome({ path: '/a?b?c' })
  expect(room.spanAt(room.conditions.route())).toBe('/a')
})

test('a condition on a header is met by its first value that is not blank, by its name in any case', () => {
  room.read(one('request.headers.X-Plan', '^gold$'))
  expect(room.outcome({ headers: [['x-plan', 'gold']] })).toBe(YES)
  expect(
    room.outcome({
      headers: [
        ['x-plan', ' '],
        ['x-plan', ' gold '],
      ],
    }),
  ).toBe(YES)
  expect(
    room.outcome({
      headers: [
        ['x-plan', 'silver'],
        ['x-plan', 'gold'],
      ],
    }),
  ).toBe(NO)
  expect(room.outcome({})).toBe(NO)
  room.read(one('request.headers.x-plan', '^$|.'))
  expect(room.outcome({ headers: [['x-plan', '']] })).toBe(NO)
})

test('a condition on the status waits for it, and is met by its three digits', () => {
  room.read(one('response.status', '^(?:2..|404)$'))
  expect(room.outcome({})).toBe(LATER)
  for (const status of [100, 200, 299, 304, 404, 504]) {
    expect(room.outcome({ status })).toBe(
      (status >= 200 && status < 300) || status === 404 ? YES : NO,
    )
  }
  room.read(one('response.status', ''))
  expect(room.outcome({ status: 0 })).toBe(NO)
})

test('a condition on the body waits for it, and is met by the value of a key', () => {
  const body = JSON.stringify({
    a: 'x',
    n: 12,
    t: true,
    z: null,
    o: { p: { q: 'deep' }, r: [1] },
    'o.s': 'dotted',
    o2: 'y',
  })
  const value = (key: string, pattern: string, extra: Request = { body, view: 'json' }) => {
    room.read(one(`request.body.${key}`, pattern))
    return room.outcome(extra)
  }
  expect([
    value('a', '^x$'),
    value('a', '^y$'),
    value('b', ''),
    value('a', 'x', { body }),
    value('a', 'x', { view: 'awaited' }),
  ]).toEqual([YES, NO, NO, NO, LATER])
  expect([value('n', '^12$'), value('t', '^true$'), value('z', ''), value('z', 'null')]).toEqual([
    YES,
    YES,
    NO,
    NO,
  ])
  expect([
    value('o.p.q', '^deep$'),
    value('o.p', '^\\{"q":"deep"\\}$'),
    value('o.r', '^\\[1\\]$'),
    value('o.s', '^dotted$'),
  ]).toEqual([YES, YES, YES, YES])
  expect([
    value('o.p.x', ''),
    value('a.b', ''),
    value('o.', ''),
    value('.o', ''),
    value('o.p.q.r', ''),
    value('query', ''),
  ]).toEqual([NO, NO, NO, NO, NO, NO])
  const list: Request = { body: '[{"a":"x"}]', view: 'json' }
  expect([value('a', '', list), value('0', '', list)]).toEqual([NO, NO])
  expect(value('a', '^x$', { body: ' \n{ "a" : "\\u0078" } ', view: 'json' })).toBe(YES)
  const query: Request = { body: '{ users }', view: 'graphQl' }
  expect([
    value('query', '^\\{ users \\}$', query),
    value('query', 'x', query),
    value('quer', '', query),
    value('variables', '', query),
  ]).toEqual([YES, NO, NO, NO])
})

test('a text that is given up on meets nothing, and leaves a doubt', () => {
  room.read(one('request.body.a', 'a[ab]{700}c'))
  const letters = Array.from({ length: 65_536 }, (_, i) => 'ab'[((i * 2_654_435_761) >>> 13) & 1])
  expect(room.outcome({ body: JSON.stringify({ a: letters.join('') }), view: 'json' })).toBe(NO)
  expect([room.conditions.isInDoubt(), room.conditions.isInDoubt()]).toEqual([1, 0])
  expect(room.outcome({ body: JSON.stringify({ a: `${'a'.repeat(701)}c` }), view: 'json' })).toBe(
    YES,
  )
  expect(room.conditions.isInDoubt()).toBe(0)
})
