import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { fields, isGroupable } from '#mock-moesif/query/index.ts'
import { post, sampleEvent, send } from './sample.ts'

// The filter of a group selects the events that the group counts, whatever they are grouped by.

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const app = moesif.application('app')

const { request, response } = sampleEvent()
/** Values that are alike, or that a query could take for something else. */
const texts = [
  'u1',
  'U1',
  '',
  ' ',
  '*',
  'u*',
  '>=5',
  'a "b" \\ (c)',
  'or',
  'a:b',
  'Ü',
  'ü',
  '\u212a',
  'k',
  'line\nbreak',
  '\ud800',
  '\u202e',
  '𝒳'.repeat(600),
  'x'.repeat(498),
  'x'.repeat(499),
  'x'.repeat(500),
  `${'x'.repeat(499)}…`,
  `${'x'.repeat(498)}…`,
  'X'.repeat(9000),
]
const json = [1, 1.5, true, false, null, [], ['a'], { a: 'A' }, { a: 'a' }, {}]
const values: unknown[] = [...texts, ...json, undefined]
const events = values.map((value, index) => {
  const text = typeof value === 'string' ? value : null
  return sampleEvent({
    user_id: text,
    company_id: text,
    transaction_id: text,
    session_token: text,
    blocked_by: text,
    metadata: { member: value, 'a b': value, 'a.b:"c"': value },
    request: {
      ...request,
      time: new Date(Date.now() - index).toISOString(),
      uri: `https://${index % 2 ? 'A' : 'a'}.example/${text === null ? '' : encodeURIComponent(text.toWellFormed())}${text}`,
      ip_address: text,
      headers: { 'x-one': text, 'x-both': texts[index % 3] } as never,
      body: value,
    },
    response: {
      ...response!,
      status: [200, 404, 503][index % 3]!,
      headers: { 'x-both': ['u1', ''][index % 2]! },
      body: values[(index * 7) % values.length],
    },
    weight: index % 3,
    direction: text as never,
  })
})
await send(moesif.url, events)
for (const bad of [{}, { request: { verb: 'GET', uri: 5 } }, { user_id: ['u1'], response: {} }])
  await post(`${moesif.url}/v1/events`, bad)
const exact = '{"id":9007199254740993,"one":1.0,"minus":-0,"huge":1e400}'
await post(
  `${moesif.url}/v1/events`,
  JSON.stringify(sampleEvent({ metadata: { member: 0 } })).replace(
    '"member":0',
    `"member":${exact}`,
  ),
)
await send(moesif.url, [sampleEvent({ metadata: { member: { id: 2 ** 53, one: 1, minus: 0 } } })])

const members = ['member', 'a b', 'a.b:"c"', 'member.a', 'member.id', 'member.one', 'member.huge']
const named: Record<string, string[]> = {
  'request.body.': ['request.body.a'],
  'response.body.': ['response.body.a'],
  'header.': ['header.x-one', 'header.X-Both', 'header.absent'],
  'request.header.': ['request.header.x-both'],
  'response.header.': ['response.header.x-both'],
  'metadata.': members.map((name) => `metadata.${name}`),
  'event.': ['event.metadata', 'event.request', 'event.user_id', 'event.metadata.member.minus'],
}
const grouped = fields.filter(isGroupable).flatMap(({ name }) => named[name] ?? [name])

test.each([...grouped, 'method', 'user_id'])(
  'the filter of each group by %s finds the events that it counts',
  async (by) => {
    const { groups, groupCount, total } = await app.aggregate({ by, limit: 1000 })
    expect(groups).toHaveLength(groupCount)
    expect(total.count).toBe(await app.count())
    const isSingle = !/^(?:header\.x-both|body)$/i.test(by)
    const counted = groups.reduce((sum, { count }) => sum + count, 0)
    if (isSingle) expect(counted).toBe(total.count)
    else expect(counted).toBeGreaterThan(total.count)

    for (const { key, filter, count } of groups)
      expect(await app.count({ where: filter }), `${String(key)} by ${filter}`).toBe(count)
    // No column has a body.
    for (const { filter, count } of groups.slice(0, 5))
      expect(await app.count({ where: `${filter} -body:"in no body"` }), filter).toBe(count)
  },
)

test('none and empty are two groups', async () => {
  const { groups } = await app.aggregate({ by: 'request.body', limit: 1000 })
  const filters = Object.fromEntries(groups.map(({ key, filter }) => [String(key), filter]))

  expect(filters).toMatchObject({ null: 'missing:request.body', '': 'request.body:=""' })
})

test('a filter is as short as its value allows', async () => {
  const { groups } = await app.aggregate({ by: 'verb' })
  const users = await app.aggregate({ by: 'user', limit: 1000 })
  const filterOf = (key: string | null) => users.groups.find((group) => group.key === key)!.filter

  expect(groups.map(({ filter }) => filter)).toContain('verb:GET')
  expect(['or', 'u1', 'U1', '', 'a:b', 'u*', null].map(filterOf)).toEqual([
    'user:or',
    'user:=u1',
    'user:=U1',
    'user:""',
    'user:a:b',
    'user:"u*"',
    'missing:user',
  ])
})

test.each(['time', 'request.time'])('says what to do instead of grouping by %s', async (by) => {
  await expect(app.aggregate({ by })).rejects.toThrow(
    /intervals for a time series.*time:FROM\.\.TO/,
  )
})

test.each([
  ['age', 'Each moment would be a group of its own: age is no field to group by. Pass intervals'],
  ['text', 'Each event would be a group of its own: text is no field to group by. Take one'],
  ['has', 'has: names another field: it is no field to group by. Take one'],
  ['colour', 'There is no field "colour" to group by'],
])('says why nothing is grouped by %s', async (by, message) => {
  await expect(app.aggregate({ by })).rejects.toThrow(message)
})
