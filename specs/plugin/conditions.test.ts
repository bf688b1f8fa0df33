import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

interface Exports {
  read(list: number, mostBytes: number): void
  problemCount(): number
  problemKind(): number
  problemText(): number
  patternPosition(): number
  patternReason(): number
  fields(): number
  isEmpty(): number
  patternBytes(): number
  open(start: number, length: number, statusKnown: number, status: number): void
  setBody(view: number, start: number, length: number): void
  test(): number
  isInDoubt(): number
  route(): number
  isPreflight(): number
  skips(list: number): number
}

const NO = 0
const YES = 1
const LATER = 2
const BODY = { none: 0, awaited: 1, json: 2, graphQl: 3 }

let plugin: Room<Exports>
let conditions: Exports
beforeAll(async () => {
  plugin = await Room.compile<Exports>('conditions')
  conditions = plugin.exports
})

type Group = { conditions?: { path: string; value: string }[] | null }

const spanAt = (at: number) => {
  const span = plugin.read(at, 8)
  return plugin.read(span.readUInt32LE(0), span.readUInt32LE(4)).toString()
}

function withText<Result>(text: string, use: (at: number, length: number) => Result): Result {
  const bytes = Buffer.from(text)
  const at = plugin.place(bytes)
  const result = use(at, bytes.length)
  plugin.release(at)
  return result
}

function read(list: unknown, mostBytes = 1 << 24): void {
  withText(JSON.stringify(list), (at) => conditions.read(at, mostBytes))
}

interface Request {
  method?: string
  path?: string
  headers?: [name: string, value: string][]
  status?: number
  body?: string
  view?: keyof typeof BODY
}

/** The headers of the request that is open. */
let opened = 0

/** What the groups that were read say of a request; `statusKnown` when it has a status. */
function outcome({
  method = 'GET',
  path = '/',
  headers = [],
  status,
  body = '',
  view = 'none',
}: Request): number {
  const all = [[':method', method], [':path', path], ...headers].filter(
    ([, value]) => value !== undefined,
  ) as [string, string][]
  const blob = Buffer.alloc(4 + all.length * 8)
  blob.writeUInt32LE(all.length)
  for (const [i, [name, value]] of all.entries()) {
    blob.writeUInt32LE(Buffer.byteLength(name), 4 + i * 8)
    blob.writeUInt32LE(Buffer.byteLength(value), 8 + i * 8)
  }
  const bytes = Buffer.concat([
    blob,
    ...all.map(([name, value]) => Buffer.from(`${name}\0${value}\0`)),
  ])
  if (opened) plugin.release(opened)
  const start = plugin.place(bytes)
  opened = start
  conditions.open(start, bytes.length, status === undefined ? 0 : 1, status ?? 0)
  return withText(body, (at, length) => {
    conditions.setBody(BODY[view], at, length)
    const result = conditions.test()
    return result
  })
}

const one = (path: string, value: string): Group[] => [{ conditions: [{ path, value }] }]
const all = (...pairs: [path: string, value: string][]): Group => ({
  conditions: pairs.map(([path, value]) => ({ path, value })),
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
    read(one('request.verb', pattern))
    for (const method of VERBS) {
      expect(outcome({ method }), `${pattern} ${method}`).toBe(
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
    read(one('request.route', pattern))
    for (const path of routes) {
      const expected = new RegExp(pattern).test(path) ? YES : NO
      expect(outcome({ path }), `${pattern} ${path}`).toBe(expected)
      expect(outcome({ path: `${path}?a=/api/v1/users` })).toBe(expected)
    }
  }
  read(one('request.route', '^/$'))
  for (const path of ['?a', '', '/?', '?']) expect(outcome({ path })).toBe(YES)
  outcome({ path: '/a?b?c' })
  expect(spanAt(conditions.route())).toBe('/a')
})

test('a condition on a header is met by its first value that is not blank, by its name in any case', () => {
  read(one('request.headers.X-Plan', '^gold$'))
  expect(outcome({ headers: [['x-plan', 'gold']] })).toBe(YES)
  expect(
    outcome({
      headers: [
        ['x-plan', ' '],
        ['x-plan', ' gold '],
      ],
    }),
  ).toBe(YES)
  expect(
    outcome({
      headers: [
        ['x-plan', 'silver'],
        ['x-plan', 'gold'],
      ],
    }),
  ).toBe(NO)
  expect(outcome({})).toBe(NO)
  read(one('request.headers.x-plan', '^$|.'))
  expect(outcome({ headers: [['x-plan', '']] })).toBe(NO)
})

test('a condition on the status waits for it, and is met by its three digits', () => {
  read(one('response.status', '^(?:2..|404)$'))
  expect(outcome({})).toBe(LATER)
  for (const status of [100, 200, 299, 304, 404, 504]) {
    expect(outcome({ status })).toBe((status >= 200 && status < 300) || status === 404 ? YES : NO)
  }
  read(one('response.status', ''))
  expect(outcome({ status: 0 })).toBe(NO)
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
    read(one(`request.body.${key}`, pattern))
    return outcome(extra)
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

test('all conditions of a group have to be met, and one group of several', () => {
  read([
    all(['request.verb', 'GET'], ['request.route', '^/a']),
    all(['request.verb', 'POST'], ['response.status', '5..']),
  ])
  expect(outcome({ path: '/a' })).toBe(YES)
  expect(outcome({ path: '/b' })).toBe(NO)
  expect(outcome({ method: 'POST' })).toBe(LATER)
  expect([
    outcome({ method: 'POST', status: 500 }),
    outcome({ method: 'POST', status: 200 }),
  ]).toEqual([YES, NO])
  read([all(['response.status', '5..'], ['request.verb', 'GET']), all(['request.route', '^/a'])])
  expect([
    outcome({ path: '/a' }),
    outcome({ path: '/b' }),
    outcome({ path: '/b', method: 'PUT' }),
  ]).toEqual([YES, LATER, NO])
  read([
    all(['request.route', '^/abc'], ['request.route', '^/abcdefgh'], ['request.route', '^/abcd']),
  ])
  expect([
    outcome({ path: '/abcdefghi' }),
    outcome({ path: '/abcdefg' }),
    outcome({ path: '/abc' }),
  ]).toEqual([YES, NO, NO])
  read([])
  expect([outcome({}), conditions.isEmpty()]).toEqual([NO, 1])
  for (const empty of [[{}], [{ conditions: [] }], [{ conditions: null }]]) {
    read(empty)
    expect([outcome({}), conditions.isEmpty(), conditions.problemCount()]).toEqual([YES, 0, 0])
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
    read(one('request.verb', pattern))
    expect(outcome(preflight), pattern).toBe(expected)
  }
  read([all(['request.route', '/'])])
  expect(outcome(preflight)).toBe(NO)
  expect(conditions.isPreflight()).toBe(1)
  expect(outcome({ method: 'OPTIONS' })).toBe(YES)
  expect(outcome({ ...preflight, method: 'GET' })).toBe(YES)
  expect(conditions.isPreflight()).toBe(0)
  outcome(preflight)
  withText(JSON.stringify(one('request.route', '/')), (at) =>
    expect(conditions.skips(at) & 9).toBe(9),
  )
})

const skips = (list: Group[]) => {
  outcome({ path: '/health' })
  return withText(JSON.stringify(list), (at) => conditions.skips(at) & 7)
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

const SHAPE = 1
const PATH = 2
const PATTERN = 3

test.each<[list: unknown, kind: number, about: string, position?: number]>([
  [{ a: 1 }, SHAPE, '{"a":1}'],
  ['x', SHAPE, '"x"'],
  [[1], SHAPE, '1'],
  [[{ conditions: 5 }], SHAPE, '{"conditions":5}'],
  [[{ conditions: [7] }], SHAPE, '7'],
  [[{ conditions: [{ path: 'request.verb' }] }], SHAPE, '{"path":"request.verb"}'],
  [[{ conditions: [{ value: 'x' }] }], SHAPE, '{"value":"x"}'],
  [[{ conditions: [{ path: 1, value: 'x' }] }], SHAPE, '{"path":1,"value":"x"}'],
  [
    [{ conditions: [{ path: 'request.verb', value: 1 }] }],
    SHAPE,
    '{"path":"request.verb","value":1}',
  ],
  [[{ conditions: [{ path: '', value: 'x' }] }], SHAPE, '{"path":"","value":"x"}'],
  [one('request.uri', 'x'), PATH, 'request.uri'],
  [one('request.verbs', 'x'), PATH, 'request.verbs'],
  [one('request.ver', 'x'), PATH, 'request.ver'],
  [one('request.headers.', 'x'), PATH, 'request.headers.'],
  [one('request.headers', 'x'), PATH, 'request.headers'],
  [one('request.body.', 'x'), PATH, 'request.body.'],
  [one('request.body', 'x'), PATH, 'request.body'],
  [one('response.body.a', 'x'), PATH, 'response.body.a'],
  [one('request.verb', 'a('), PATTERN, 'a(', 1],
  [one('request.verb', 'ab[z-a]'), PATTERN, 'ab[z-a]', 3],
])(
  'what is no list of conditions, as %j, is never met, and said',
  (list, kind, about, position) => {
    read(list)
    expect([conditions.problemCount(), conditions.problemKind()]).toEqual([1, kind])
    expect(spanAt(conditions.problemText())).toBe(about)
    if (position !== undefined) expect(conditions.patternPosition()).toBe(position)
    expect([outcome({}), outcome({ method: 'x', status: 200, view: 'json', body: '{}' })]).toEqual([
      NO,
      NO,
    ])
  },
)

test('the first problem is kept, all are counted, and other groups hold', () => {
  read([
    all(['request.verb', 'a('], ['request.uri', 'x']),
    all(['request.verb', 'GET']),
    all(['request.verb', 'ab[']),
  ])
  expect([
    conditions.problemCount(),
    conditions.problemKind(),
    conditions.patternPosition(),
  ]).toEqual([3, PATTERN, 1])
  expect([spanAt(conditions.problemText()), spanAt(conditions.patternReason())]).toEqual([
    'a(',
    'a group is not closed',
  ])
  expect([outcome({}), outcome({ method: 'POST' })]).toEqual([YES, NO])
  read([all(['request.uri', 'x']), all(['request.verb', 'a('])])
  expect([
    conditions.problemCount(),
    conditions.problemKind(),
    conditions.patternPosition(),
  ]).toEqual([2, PATH, 0])
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
    read(one(path, 'x'))
    expect(conditions.fields()).toBe(1 << (index + 1))
  }
  read([all(['request.verb', 'x'], ['request.body.a', 'y']), all(['response.status', '2'])])
  expect(conditions.fields()).toBe((1 << 1) | (1 << 5) | (1 << 6))
})

const shared = (count: number) =>
  Array.from({ length: count }, () => all(['request.route', '^/shared[0-9]+']))

const different = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    all(['request.route', `^/${String.fromCharCode(65 + i)}hared[0-9]+`]),
  )

test('a pattern that conditions share is kept once, and too many are too large', () => {
  read(shared(1))
  const bytes = conditions.patternBytes()
  expect(bytes).toBeGreaterThan(100)
  read(shared(500))
  expect(conditions.patternBytes()).toBe(bytes)
  read(different(20))
  expect(conditions.patternBytes()).toBe(bytes * 20)
  for (let i = 0; i < 20; i++)
    expect(outcome({ path: `/${String.fromCharCode(65 + i)}hared7` })).toBe(YES)
  // One more is taken while those before it are not more than is allowed.
  read(different(20), bytes * 5)
  expect([conditions.patternBytes(), conditions.problemCount()]).toEqual([bytes * 6, 14])
  expect(spanAt(conditions.patternReason())).toBe('the pattern is too large')
  read(different(20), bytes * 5 - 1)
  expect([conditions.patternBytes(), conditions.problemCount()]).toEqual([bytes * 5, 15])
  expect([outcome({ path: '/Ehared1' }), outcome({ path: '/Fhared1' })]).toEqual([YES, NO])
})

test('a text that is given up on meets nothing, and leaves a doubt', () => {
  read(one('request.body.a', 'a[ab]{700}c'))
  const letters = Array.from({ length: 65_536 }, (_, i) => 'ab'[((i * 2_654_435_761) >>> 13) & 1])
  expect(outcome({ body: JSON.stringify({ a: letters.join('') }), view: 'json' })).toBe(NO)
  expect([conditions.isInDoubt(), conditions.isInDoubt()]).toEqual([1, 0])
  expect(outcome({ body: JSON.stringify({ a: `${'a'.repeat(701)}c` }), view: 'json' })).toBe(YES)
  expect(conditions.isInDoubt()).toBe(0)
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
      read(list)
      for (const each of exchanges) {
        const isMet = list.some((group) =>
          group.conditions.every(({ path, value }) => new RegExp(value).test(fieldOf[path]!(each))),
        )
        expect(outcome({ ...each, headers: [['x-plan', each.plan]] })).toBe(isMet ? YES : NO)
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
  for (const list of LISTS) read(list)
  outcome({ headers: [['a', 'x']], body: '{"b":"y"}', view: 'json' })
  withText(JSON.stringify(LISTS[0]), (at) => conditions.skips(at))
}

test('lists of conditions give their memory back', async () => {
  plugin = await Room.compile<Exports>('conditions')
  conditions = plugin.exports
  opened = 0
  for (let i = 0; i < 10; i++) readAll()
  const before = plugin.memoryBytes
  for (let i = 0; i < 1500; i++) readAll()
  expect(plugin.memoryBytes).toBe(before)
})
