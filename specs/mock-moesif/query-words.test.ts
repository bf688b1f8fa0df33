import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { parseQuery } from '#mock-moesif/query/index.ts'
import { routeOf } from '#mock-moesif/model/route.ts'
import { post, sampleEvent, send, withUri } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

let applications = 0
/** How many of these events a query finds, by SQL, by row and by event. */
async function found(events: unknown[], where: string): Promise<number> {
  const app = moesif.application(`words-${++applications}`)
  await post(`${moesif.url}/v1/events/batch`, events, { app: app.id })
  const rows = await app.summaries({ where })
  expect(await app.count({ where })).toBe(rows.length)
  expect(await app.events({ where })).toHaveLength(rows.length)
  return rows.length
}

test.each([
  ['ÜSER', 'user:üser', 1],
  ['üser', 'user:"ÜSER"', 1],
  ['STRAẞE', 'user:straß*', 1],
  ['ΣΊΣΥΦΟΣ', 'user:σίσυφος', 1],
  ['\u212aelvin', 'user:kelvin', 0],
  ['kelvin', 'user:KELVIN', 1],
])('letter case does not matter beyond ASCII: %s by %s', async (user, where, count) => {
  expect(await found([sampleEvent({ user_id: user })], where)).toBe(count)
})

test.each([
  ['company:*', 1],
  ['has:company', 1],
  ['-has:company', 2],
  ['-company:*', 2],
  ['company:""', 1],
  ['missing:company', 1],
  ['-missing:company', 2],
])('an empty id is neither there nor missing: %s', async (where, count) => {
  const events = [
    sampleEvent({ company_id: '' }),
    sampleEvent({ company_id: null }),
    sampleEvent({ company_id: 'acme' }),
  ]
  expect(await found(events, where)).toBe(count)
})

test.each([
  ['user:"<anon>"', { user_id: '<anon>' }],
  ['body:"say \\"hi\\""', { response: { ...sampleEvent().response!, body: { q: 'say "hi"' } } }],
  ['"say \\"hi\\""', { metadata: { q: 'say "hi"' } }],
  ['metadata.plan.name:gold', { metadata: { 'plan.name': 'gold' } }],
  ['metadata.a.b.c:1', { metadata: { 'a.b': { c: 1 } } }],
  ['weight:>1', { weight: 5 }],
  ['blocked_by:rule-1 blocked:*', { blocked_by: 'rule-1' }],
  ['method:get latency:<1s response.status:200 user_id:u1', {}],
  ['route:/orders/:id', {}],
])('finds what it names: %s', async (where, change) => {
  expect(await found([sampleEvent(change)], where)).toBe(1)
})

test.each([
  ['verb:get or verb:post', 'OR is written in capitals'],
  ['verb:get and user:u1', 'AND is written in capitals'],
  ['not verb:get', 'NOT is written in capitals'],
  ['verb:get && user:u1', 'joined by AND'],
  ['verb:get || user:u1', 'joined by OR'],
])('says what an operator is called here: %s', (where, message) => {
  expect(parseQuery(where).problems.map((problem) => problem.message)).toEqual([
    expect.stringContaining(message),
  ])
})

test('looks for the words themselves in quotes', async () => {
  const event = sampleEvent({ metadata: { text: 'this or that' } })
  expect(await found([event], '"or" "and" OR "this or that"')).toBe(1)
})

const conditions = (count: number) =>
  Array.from({ length: count }, (_, index) => `user:u${index}`).join(' OR ')

test('takes a thousand conditions, and says where there are more', async () => {
  await send(moesif.url, [sampleEvent()], 'many')
  const verify = (filter: string) => moesif.application('many').verify({ filter, count: 1 })

  expect(await verify(conditions(1000))).toMatchObject({ met: true })
  await expect(verify(conditions(1001))).rejects.toThrow(/1000 conditions at most \(at \d+\)/)
})

test.each(['time:2026-02-30', 'time:>=2026-11-31T00:00:00Z'])('knows no day %s', (where) => {
  expect(parseQuery(where).problems).toHaveLength(1)
})

test.each([
  ['https://a.example/orders/8412?x=1', '/orders/:id'],
  ['/orders/3f2a9c1e-7b1d-4a55-9a0e-0f5a3d6c7b8e/items', '/orders/:id/items'],
  ['/blobs/9e107d9d372bb6826bd81d3542a419d6', '/blobs/:id'],
  ['/days/2026-11-26/hours/12', '/days/:date/hours/:id'],
  ['/v1/users/me', '/v1/users/me'],
  ['/files/report-2.pdf', '/files/report-2.pdf'],
  ['/t/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/t/:id'],
  ['https://a.example', '/'],
  ['/a//7/', '/a//:id/'],
])('the route of %s is %s', (uri, route) => {
  expect(routeOf(uri)).toBe(route)
})

test('knows of a long text its start, and says so of none that is short', async () => {
  const long = `https://a.example/${'x'.repeat(9000)}`
  const [row] = await (async () => {
    await send(moesif.url, [withUri(long)], 'long')
    return moesif.application('long').summaries()
  })()

  expect(row!.uri).toHaveLength(8192)
  expect((await moesif.application('long').event(row!.id)).event.request.uri).toBe(long)
})
