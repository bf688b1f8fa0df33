import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import {
  completeField,
  matches,
  needsEvent,
  parseQuery,
  withTerm,
} from '#mock-moesif/query/index.ts'
import { globMatches } from '#mock-moesif/query/text-match.ts'
import { sampleEvent, send, withStatus, withUri } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const app = moesif.application('app')
const events = [
  withUri('https://api.example.com/orders/1?page=2', { user_id: 'u1' }),
  withStatus(503, { user_id: 'u2', session_token: 'tok', metadata: { plan: { name: 'gold' } } }),
  withUri('/health', { user_id: null, company_id: null, direction: 'Outgoing' }),
  sampleEvent({
    user_id: 'Ü "q"',
    request: {
      ...sampleEvent().request,
      verb: 'POST',
      body: { note: 'Out of Stock' },
      headers: { 'X-Multi': ['a', 'b'] as never },
    },
    response: null,
  }),
]
await send(moesif.url, events)
const records = await app.events()

test.each([
  ['', [1, 2, 3, 4]],
  ['status:503', [2]],
  ['status:>=500', [2]],
  ['status:2xx', [1, 3]],
  ['status:200..299', [1, 3]],
  ['-status:*', [4]],
  ['-has:status', [4]],
  ['verb:post', [4]],
  ['-verb:POST', [1, 2, 3]],
  ['!verb:POST', [1, 2, 3]],
  ['NOT verb:POST', [1, 2, 3]],
  ['path:/orders*', [1, 2, 4]],
  ['path:/health', [3]],
  ['host:api.example.com', [1, 2, 4]],
  ['uri:*page=2', [1, 2, 4]],
  ['user:u1', [1]],
  ['user:U1', [1]],
  ['user:"Ü \\"q\\""', [4]],
  ['user:""', []],
  ['missing:user', [3]],
  ['user:*', [1, 2, 4]],
  ['company:acme user:u*', [1, 2]],
  ['user:u1 OR user:u2', [1, 2]],
  ['(user:u1 OR user:u2) status:503', [2]],
  ['-(user:u1 OR user:u2)', [3, 4]],
  ['status:503 OR verb:POST company:acme', [2, 4]],
  ['session:tok', [2]],
  ['metadata.plan.name:gold', [2]],
  ['event.request.ip_address:203.*', [1, 2, 3, 4]],
  ['ip:203.0.113.7 direction:outgoing', [3]],
  ['header.x-id:abc', [1, 2, 3]],
  ['request.header.x-multi:b', [4]],
  ['response.header.content-type:*json', [1, 2, 3]],
  ['body:"out of stock"', [4]],
  ['response.body:total', [1, 2, 3]],
  ['"out of"', [4]],
  ['stock', [4]],
  ['warning:true', [3, 4]],
  ['good:true', [1, 2]],
  ['bad:true', []],
  ['duplicate:false', [1, 2, 3, 4]],
  ['age:<5m', [1, 2, 3, 4]],
  ['age:>5m', []],
  ['duration:5ms', [1, 2, 3]],
  ['duration:<1s', [1, 2, 3]],
  ['size:>1mb', []],
  ['time:>=2020-01-01', [1, 2, 3, 4]],
  ['id:2..3', [2, 3]],
  ['app:app batch:1', [1, 2, 3, 4]],
  ['app:other', []],
  ['has:metadata.plan', [2]],
] as const)('finds by %s', async (where, expected) => {
  const parsed = parseQuery(where)

  expect(parsed.problems).toEqual([])
  expect((await app.summaries({ where })).map(({ id }) => id)).toEqual(expected)
  expect(await app.count({ where })).toBe(expected.length)
  expect(records.filter((record) => matches(parsed.root, record)).map(({ id }) => id)).toEqual(
    expected,
  )
})

test.each([
  ['stauts:500', 0, 6, 'there is no field "stauts": did you mean status'],
  ['response.body.:x', 0, 14, 'a name is missing after response.body.'],
  ['has:metadata.', 4, 13, 'there is no field'],
  ['resp:1', 0, 4, 'did you mean request.body, response.body, request.body.…'],
  ['user:u1 colour:red', 8, 14, 'there is no field'],
  ['status:abc', 7, 10, 'status:>=500'],
  ['status:', 0, 7, 'a value is missing'],
  ['user:>5', 5, 7, "can't compare"],
  ['status:>5xx', 7, 11, 'status:>=500'],
  ['id:>1..2', 3, 8, 'not understood'],
  ['id:>*', 3, 5, 'not understood'],
  ['bad:>true', 4, 9, 'true or false'],
  ['has:colour', 4, 10, 'there is no field'],
  ['has:has', 4, 7, 'the name of a field (try has:user)'],
  ['missing:has', 8, 11, 'the name of a field'],
  ['has:>user', 4, 9, 'the name of a field'],
  ['status:"5"*', 7, 11, 'no * can follow'],
  ['bad:"true"*', 4, 11, 'true or false'],
  ['size:1tb', 5, 8, 'not understood'],
  ['bad:maybe', 4, 9, 'true or false'],
  ['user:"open', 5, 10, 'closing "'],
  ['(user:u1', 0, 1, 'closing )'],
  ['user:u1)', 7, 8, 'closes nothing'],
  ['()', 0, 1, 'empty'],
  ['OR user:u1', 0, 2, 'both sides'],
  ['user:u1 OR', 8, 10, 'both sides'],
  ['user:u1 NOT', 8, 11, 'nothing to negate'],
  ['NOT OR user:u1', 0, 3, 'nothing to negate'],
  ['NOT AND user:u1', 0, 3, 'nothing to negate'],
  ['AND', 0, 3, 'both sides'],
  ['AND user:u1', 0, 3, 'both sides'],
  ['user:u1 AND', 8, 11, 'both sides'],
  ['user:u1 AND AND user:u2', 12, 15, 'both sides'],
  ['user:u1 AND OR user:u2', 8, 11, 'both sides'],
  ['(user:u1 OR AND) user:u2', 12, 15, 'both sides'],
  ['user:(ada bad:true', 5, 9, 'quoted: user:"(ada"'],
  ['(path:/a(b) verb:GET', 0, 1, 'closing )'],
  ['user:u1 -', 8, 9, 'nothing to negate'],
  ['(user:u1 -)', 9, 10, 'nothing to negate'],
] as const)('says where %s is wrong', (text, start, end, message) => {
  expect(parseQuery(text).problems).toContainEqual({
    start,
    end,
    message: expect.stringContaining(message) as string,
  })
})

const sample = sampleEvent()
const dotted = { 'a.b': 3, a: { b: 4 }, c: { 'd.e "f"': 5 }, 'x y': { z: 6 } }
await send(
  moesif.url,
  [
    sampleEvent({
      metadata: dotted,
      request: { ...sample.request, headers: { 'a.b': 'h', 'a b': 'i' }, body: dotted },
      response: { ...sample.response!, body: dotted },
    }),
  ],
  'dotted',
)

test.each(['metadata.', 'request.body.', 'response.body.', 'event.request.body.'])(
  'a name in quotes is one name, its dots included: %s',
  async (prefix) => {
    const named = moesif.application('dotted')
    const [record] = await named.events()
    for (const [path, value] of [
      ['"a.b"', '3'],
      ['a.b', '4'],
      ['a."b"', '4'],
      ['c."d.e \\"f\\""', '5'],
      ['"x y".z', '6'],
      ['"x y.z"', null],
      ['"c.d"', null],
    ] as const) {
      const name = prefix + path
      const where = value === null ? `missing:${name}` : `${name}:${value} has:${name}`
      const { groups } = await named.aggregate({ by: name })

      expect(await named.count({ where }), where).toBe(1)
      expect(matches(parseQuery(where).root, record!), where).toBe(true)
      expect(groups.map(({ key }) => key)).toEqual([value])
      expect(await named.count({ where: groups[0]!.filter }), groups[0]!.filter).toBe(1)
    }
  },
)

test.each(['header."a.b":h', 'request.header."a b":i', 'has:header."a b"', 'header.a.b:h'])(
  'names a header in quotes: %s',
  async (where) => {
    expect(await moesif.application('dotted').count({ where })).toBe(1)
  },
)

test('answers a wrong filter with 400 and its place', async () => {
  const response = await fetch(
    `${moesif.url}/_mock/events?filter=${encodeURIComponent('user:u1 colour:red')}`,
  )

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ problems: [{ start: 8, end: 14 }] })
})

test('says whether a summary is enough', () => {
  expect(needsEvent(parseQuery('status:500 path:/a* (user:u OR -bad:true)').root)).toBe(false)
  expect(needsEvent(parseQuery('status:500 -(user:u OR body:x)').root)).toBe(true)
})

test('completes field names', () => {
  expect(completeField('us').map(({ name }) => name)).toEqual(['user'])
  expect(completeField('REQ').map(({ name }) => name)).toEqual([
    'request.body',
    'request.body.',
    'request.header.',
  ])
})

test('parses anything without failing, and places its problems inside the text', () => {
  const words = fc.constantFrom(
    'user:',
    'status:>=5',
    '(',
    ')',
    '-',
    '!',
    '"',
    'OR',
    'NOT',
    '\\',
    ' ',
    'body:"a b"',
    '*',
    'é',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join('')),
  )
  const outcomes = { good: 0, bad: 0 }
  fc.assert(
    fc.property(text, (query) => {
      const { root, problems } = parseQuery(query)
      expect(matches(root, records[0]!)).toBeTypeOf('boolean')
      outcomes[problems.length > 0 ? 'bad' : 'good']++
      for (const { start, end } of problems) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(start).toBeLessThanOrEqual(end)
        expect(end).toBeLessThanOrEqual(query.length)
      }
    }),
    { numRuns: 500 },
  )
  expect(Math.min(outcomes.good, outcomes.bad)).toBeGreaterThan(50)
})

test('a term added to a query without problems makes none', () => {
  const signs = ['user:', '(', ')', '-', '!', 'AND', 'OR', 'NOT', '"', '\\', '*', ':', ' ', '.']
  const part = fc.constantFrom(...signs, ' ', 'ada', 'status:>=500', 'metadata."a', '>=')
  const text = fc.array(part, { maxLength: 7 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (query) => {
      fc.pre(parseQuery(query).problems.length === 0)
      expect(parseQuery(withTerm(query, 'bad:true')).problems).toEqual([])
      if (query.trim() !== '') expect(parseQuery(`(${query}) bad:true`).problems).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test('survives brackets that nest without end', () => {
  expect(parseQuery('('.repeat(100_000)).problems.length).toBeGreaterThan(0)
  expect(parseQuery('-'.repeat(100_000) + 'a').problems.length).toBeGreaterThan(0)
})

test('matches globs as a plain scan would', () => {
  const glob = fc
    .array(fc.constantFrom('a', 'b', '*'), { maxLength: 8 })
    .map((parts) => parts.join(''))
  const text = fc
    .array(fc.constantFrom('a', 'B', 'b'), { maxLength: 8 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(glob, text, (pattern, subject) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(subject)
      expect(globMatches(pattern, subject)).toBe(expected)
    }),
  )
})
