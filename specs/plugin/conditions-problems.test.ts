import { beforeAll, expect, test } from 'vitest'
import { ConditionRoom, NO, YES, all, one } from './support/conditions.ts'

let room: ConditionRoom
beforeAll(async () => {
  room = await ConditionRoom.open()
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
    room.read(list)
    expect([room.conditions.problemCount(), room.conditions.problemKind()]).toEqual([1, kind])
    expect(room.spanAt(room.conditions.problemText())).toBe(about)
    if (position !== undefined) expect(room.conditions.patternPosition()).toBe(position)
    expect([
      room.outcome({}),
      room.outcome({ method: 'x', status: 200, view: 'json', body: '{}' }),
    ]).toEqual([NO, NO])
  },
)

test('the first problem is kept, all are counted, and other groups hold', () => {
  room.read([
    all(['request.verb', 'a('], ['request.uri', 'x']),
    all(['request.verb', 'GET']),
    all(['request.verb', 'ab[']),
  ])
  expect([
    room.conditions.problemCount(),
    room.conditions.problemKind(),
    room.conditions.patternPosition(),
  ]).toEqual([3, PATTERN, 1])
  expect([
    room.spanAt(room.conditions.problemText()),
    room.spanAt(room.conditions.patternReason()),
  ]).toEqual(['a(', 'a group is not closed'])
  expect([room.outcome({}), room.outcome({ method: 'POST' })]).toEqual([YES, NO])
  room.read([all(['request.uri', 'x']), all(['request.verb', 'a('])])
  expect([
    room.conditions.problemCount(),
    room.conditions.problemKind(),
    room.conditions.patternPosition(),
  ]).toEqual([2, PATH, 0])
})

const shared = (count: number) =>
  Array.from({ length: count }, () => all(['request.route', '^/shared[0-9]+']))

const different = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    all(['request.route', `^/${String.fromCharCode(65 + i)}hared[0-9]+`]),
  )

test('a pattern that conditions share is kept once, and too many are too large', () => {
  room.read(shared(1))
  const bytes = room.conditions.patternBytes()
  expect(bytes).toBeGreaterThan(100)
  room.read(shared(500))
  expect(room.conditions.patternBytes()).toBe(bytes)
  room.read(different(20))
  expect(room.conditions.patternBytes()).toBe(bytes * 20)
  for (let i = 0; i < 20; i++)
    expect(room.outcome({ path: `/${String.fromCharCode(65 + i)}hared7` })).toBe(YES)
  // One more is taken while those before it are not more than is allowed.
  room.read(different(20), bytes * 5)
  expect([room.conditions.patternBytes(), room.conditions.problemCount()]).toEqual([bytes * 6, 14])
  expect(room.spanAt(room.conditions.patternReason())).toBe('the pattern is too large')
  expect(room.conditions.patternPosition()).toBe(0)
  room.read(different(20), bytes * 5 - 1)
  expect([room.conditions.patternBytes(), room.conditions.problemCount()]).toEqual([bytes * 5, 15])
  expect([room.outcome({ path: '/Ehared1' }), room.outcome({ path: '/Fhared1' })]).toEqual([
    YES,
    NO,
  ])
})
