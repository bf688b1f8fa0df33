import { afterAll, expect, test } from 'vitest'
import { startMockMoesif, type Aggregate } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const app = moesif.application('app')

const START = Date.now() - 60_000
/** [user, path, status, duration, weight] */
type Exchange = [string | null, string, number, number, number?]
const exchanges: Exchange[] = [
  ['u1', '/orders/1', 200, 10],
  ['u1', '/orders/2', 500, 20],
  ['u1', '/orders/3', 404, 30, 5],
  ['u2', '/orders/4', 200, 100],
  [null, '/health', 200, 1],
]
await send(
  moesif.url,
  exchanges.map(([user, path, status, duration, weight]) => {
    const { request, response } = sampleEvent()
    return sampleEvent({
      user_id: user,
      metadata: { plan: user === 'u1' ? 'gold' : 'free' },
      ...(weight !== undefined && { weight }),
      request: {
        ...request,
        uri: `https://api.example.com${path}`,
        time: new Date(START).toISOString(),
      },
      response: { ...response!, status, time: new Date(START + duration).toISOString() },
    })
  }),
)

const rows = ({ groups }: Aggregate) => groups.map(({ key, count }) => [key, count])

test('groups by a field: counts, weights, errors, durations and shares', async () => {
  const answer = await app.aggregate({ by: 'user' })

  expect(answer).toMatchObject({
    complete: true,
    incompleteBecause: null,
    groupCount: 3,
    intervalMs: null,
    series: [],
  })
  expect(answer.total).toMatchObject({ count: 5, weighted: 9, clientErrors: 1, serverErrors: 1 })
  expect(rows(answer)).toEqual([
    ['u1', 3],
    [null, 1],
    ['u2', 1],
  ])
  const { bytes, firstSeenAt, lastSeenAt, ...first } = answer.groups[0]!
  expect(first).toEqual({
    key: 'u1',
    filter: 'user:u1',
    count: 3,
    weighted: 7,
    share: 0.6,
    clientErrors: 1,
    serverErrors: 1,
    errorRate: 2 / 3,
    durationAvg: 20,
    durationP50: 20,
    durationP90: 30,
    durationP99: 30,
    durationMax: 30,
  })
  const held = await app.summaries({ where: 'user:u1' })
  expect(bytes).toBe(held.reduce((sum, { size }) => sum + size, 0))
  expect([firstSeenAt, lastSeenAt]).toEqual([START, START])
})

test.each([
  [
    'route',
    [
      ['/orders/:id', 4],
      ['/health', 1],
    ],
  ],
  [
    'status',
    [
      ['200', 3],
      ['404', 1],
      ['500', 1],
    ],
  ],
  [
    'path',
    [
      ['/health', 1],
      ['/orders/1', 1],
      ['/orders/2', 1],
      ['/orders/3', 1],
      ['/orders/4', 1],
    ],
  ],
  ['host', [['api.example.com', 5]]],
  ['verdict', [['good', 5]]],
  [
    'metadata.plan',
    [
      ['gold', 3],
      ['free', 2],
    ],
  ],
  ['header.x-id', [['abc', 5]]],
  ['response.body', [['{"total":3}', 5]]],
  ['method', [['GET', 5]]],
])('groups by %s', async (by, expected) => {
  expect(rows(await app.aggregate({ by }))).toEqual(expected)
})

test.each(['status:>=400', 'metadata.plan:gold -status:200'])(
  'regards a query, by columns and by events: %s',
  async (where) => {
    expect(rows(await app.aggregate({ by: 'user', where }))).toEqual([['u1', 2]])
    expect((await app.aggregate({ where })).total.count).toBe(2)
  },
)

test('sorts by any measure, and returns the first groups only', async () => {
  const slowest = await app.aggregate({ by: 'user', sort: 'durationP99', limit: 1 })
  const quickest = await app.aggregate({ by: 'user', sort: 'durationP99', ascending: true })

  expect(slowest.groups.map(({ key }) => key)).toEqual(['u2'])
  expect(slowest.groupCount).toBe(3)
  expect(quickest.groups.map(({ key }) => key)).toEqual([null, 'u1', 'u2'])
})

test('returns a time series, split by status class or by group', async () => {
  const all = await app.aggregate({ intervals: 10 })
  const byStatus = await app.aggregate({ intervals: 10, split: 'status' })
  const byGroup = await app.aggregate({ by: 'user', intervals: 10, split: 'group', limit: 1 })

  expect(all.intervalMs).toBe(100)
  expect(all.series).toHaveLength(1)
  expect(all.series[0]!.points.map(({ count }) => count)).toEqual([5])
  expect(all.series[0]!.points[0]!.at % 100).toBe(0)
  expect(byStatus.series.map(({ key, points }) => [key, points[0]!.count])).toEqual([
    ['2xx', 3],
    ['4xx', 1],
    ['5xx', 1],
  ])
  expect(byGroup.series.map(({ key, points }) => [key, points[0]!.durationMax])).toEqual([
    ['u1', 30],
  ])
})

test('lengthens the intervals until there are as few as were asked for', async () => {
  const times = moesif.application('times')
  for (let count = 0; count < 3; count++) {
    await send(moesif.url, [sampleEvent()], 'times')
    const [latest] = (await times.summaries()).slice(-1)
    await expect.poll(() => Date.now() - latest!.receivedAt, { interval: 10 }).toBeGreaterThan(130)
  }
  const fine = await times.aggregate({ intervals: 1000 })
  const coarse = await times.aggregate({ intervals: 1 })

  expect(fine.intervalMs).toBe(100)
  expect(fine.series[0]!.points).toHaveLength(3)
  expect(coarse.intervalMs).toBeGreaterThan(100)
  expect(coarse.series[0]!.points.reduce((sum, { count }) => sum + count, 0)).toBe(3)
  expect(coarse.total.count).toBe(3)
})

test('has exactly as many intervals as were asked for, from the first event to the last', async () => {
  await send(moesif.url, [0, 300].map(eventAt), 'exact')
  const lengthOf = async (intervals: number) =>
    (await moesif.application('exact').aggregate({ intervals })).intervalMs

  expect([await lengthOf(4), await lengthOf(3)]).toEqual([100, 500])
})

test('has no more intervals than were asked for, wherever they begin', async () => {
  await send(moesif.url, [900, 1100].map(eventAt), 'astride')
  const { series } = await moesif.application('astride').aggregate({ intervals: 1 })

  expect(series[0]!.points.map(({ count }) => count)).toEqual([2])
})

function eventAt(ms: number): unknown {
  const { request } = sampleEvent()
  // Counted from the start of a minute: 1000 begins another second.
  const time = new Date(Math.floor(START / 60_000) * 60_000 + ms).toISOString()
  return sampleEvent({ request: { ...request, time } })
}

test('first and last seen are the times of requests, of an event without one its arrival', async () => {
  const seen = moesif.application('seen')
  await send(moesif.url, [-5000, -86_400_000, 0].map(eventAt), 'seen')
  const times = (await seen.summaries()).map(({ time }) => time!)
  const before = await seen.aggregate({ by: 'verb' })
  await post(`${moesif.url}/v1/events`, { request: { verb: 'GET' } }, { app: 'seen' })
  const after = await seen.aggregate({ by: 'verb' })
  const { receivedAt } = (await seen.summaries({ where: 'bad:true' }))[0]!

  expect(before.groups[0]).toMatchObject({
    firstSeenAt: Math.min(...times),
    lastSeenAt: Math.max(...times),
  })
  expect(after.groups[0]!.lastSeenAt).toBe(receivedAt)
})

test.each(['1970-01-01T00:00:00.000Z', '2099-12-31T23:59:59.999Z'])(
  'leaves an event of %s out of the time series, and says so',
  async (time) => {
    const id = `outside-${time}`
    const odd = moesif.application(id)
    const { request } = sampleEvent()
    await send(moesif.url, [0, 300].map(eventAt), id)
    const event = sampleEvent({ request: { ...request, time }, user_id: 'odd' })
    await post(`${moesif.url}/v1/events`, event, { app: id })
    const { series, intervalMs, total, outside } = await odd.aggregate({ intervals: 60 })
    const alone = await odd.aggregate({ intervals: 60, where: outside!.filter })
    const byUser = await odd.aggregate({ by: 'user', split: 'group', intervals: 60 })

    expect(intervalMs).toBe(100)
    expect(series[0]!.points.map(({ count }) => count)).toEqual([1, 1])
    expect([total.count, outside!.count]).toEqual([3, 1])
    expect(await odd.count({ where: outside!.filter })).toBe(1)
    expect(alone.series[0]!.points.map(({ count }) => count)).toEqual([1])
    expect(alone.outside).toBeNull()
    expect(byUser.series.map(({ key }) => key)).toEqual(['u1'])
  },
)

test('has no more intervals than were asked for, however far apart the events are', async () => {
  const { request } = sampleEvent()
  const times = ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T00:00:00Z']
  const events = times.map((time) => sampleEvent({ request: { ...request, time } }))
  await post(`${moesif.url}/v1/events/batch`, events, { app: 'far' })
  const { series } = await moesif.application('far').aggregate({ intervals: 2 })

  expect(series[0]!.points.length).toBeLessThanOrEqual(2)
  expect(series[0]!.points.reduce((sum, { count }) => sum + count, 0)).toBe(3)
})

test('reports that it gave up', async () => {
  await send(
    moesif.url,
    Array.from({ length: 2000 }, () => sampleEvent()),
    'many',
  )
  const answer = await moesif.application('many').aggregate({ by: 'header.accept', timeout: 1 })

  expect(answer.complete).toBe(false)
  expect(answer.incompleteBecause).toBe('it took longer than 1 ms')
  expect(answer.total.count).toBeLessThan(2000)
  expect(
    await moesif.application('many').aggregate({ where: 'header.accept:none', timeout: 1 }),
  ).toMatchObject({ complete: false, incompleteBecause: 'it took longer than 1 ms' })
})
