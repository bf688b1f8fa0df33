import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

let moesif: StartedMockMoesif
beforeAll(async () => void (moesif = await startMockMoesif()))
afterAll(() => moesif.stop())
beforeEach(() => moesif.resetAll())

const withBody = (body: unknown) => {
  const event = sampleEvent()
  return { ...event, response: { ...event.response!, body } }
}
const withMetadata = (metadata: Record<string, unknown>) => sampleEvent({ metadata })

const findings = async (app = 'app', from = moesif) => {
  const events = await from.application(app).events()
  return events.map(({ verdict, findings: found }) =>
    [verdict as string].concat(found.map(({ pointer, message }) => `${pointer} ${message}`)),
  )
}

test('warns of a member whose type is another than in earlier events, each time', async () => {
  await send(moesif.url, [withMetadata({ plan: { tier: 1 } }), withMetadata({ plan: { tier: 2 } })])
  await send(moesif.url, [withMetadata({ plan: { tier: 'gold' } }), withMetadata({ plan: 7 })])

  const why = "in earlier events of this application: Moesif's index has one type for each key"
  expect(await findings()).toEqual([
    ['good'],
    ['good'],
    ['warning', `/metadata/plan/tier tier is text, and was a number ${why}`],
    ['warning', `/metadata/plan plan is a number, and was an object ${why}`],
  ])
})

test('lists what changed its type: from what to what, how often, and in which events', async () => {
  const app = moesif.application('app')
  await send(moesif.url, [withMetadata({ plan: 1 }), withBody({ items: [{ paid: true }] })])
  await send(moesif.url, [withMetadata({ plan: 2 }), withMetadata({ plan: 'a' })])
  await send(moesif.url, [withBody({ items: [{ paid: 'no' }, { paid: 'yes' }] })])
  await send(moesif.url, [withMetadata({ plan: 'b' }), withMetadata({ plan: { id: 1 } })])
  await send(moesif.url, [withMetadata({ plan: 'other application' })], 'other')

  const [first] = await app.summaries()
  const id = (index: number) => first!.id + index
  const changes = await app.typeChanges()
  expect(changes).toMatchObject([
    { path: ['metadata', 'plan'], was: 'number', found: 'object', events: 1, firstEventId: id(6) },
    {
      applicationId: 'app',
      path: ['metadata', 'plan'],
      was: 'number',
      found: 'text',
      events: 2,
      firstEventId: id(3),
      lastEventId: id(5),
    },
    {
      path: ['response', 'body', 'items', 'paid'],
      was: 'boolean',
      found: 'text',
      events: 1,
      firstEventId: id(4),
      lastEventId: id(4),
    },
  ])
  expect(await app.counts()).toMatchObject({ typeChanges: 3 })
  expect(await moesif.application('other').typeChanges()).toEqual([])

  await app.reset()
  expect(await app.typeChanges()).toEqual([])
})

test('looks into bodies and the values of arrays, and points at the value', async () => {
  await send(moesif.url, [withBody({ 'a/b': [{ paid: true }, { paid: false }], tags: ['x'] })])
  await send(moesif.url, [withBody([{ tags: 3 }])])
  await send(moesif.url, [withBody({ 'a/b': [{ paid: true }, { paid: 'no' }], tags: ['y', 4] })])

  const [, second, third] = await findings()
  expect(second).toEqual([
    'warning',
    expect.stringMatching(/^\/response\/body\/0\/tags tags is a n/),
  ])
  expect(third).toEqual([
    'warning',
    expect.stringMatching(/^\/response\/body\/a~1b\/1\/paid paid is text, and was true or false/),
    expect.stringMatching(/^\/response\/body\/tags\/1 tags is a number, and was text/),
  ])
})

test('null, a text body, and other applications say nothing of a type', async () => {
  await send(moesif.url, [withMetadata({ plan: null }), withBody('text'), withBody({ total: 1 })])
  await send(moesif.url, [withMetadata({ plan: 1 }), withMetadata({ plan: null })])
  await send(moesif.url, [withMetadata({ plan: 'x' })], 'other')

  expect((await findings()).flat()).toEqual(['good', 'good', 'good', 'good', 'good'])
  expect(await findings('other')).toEqual([['good']])
})

test('what was not stored, and what was forgotten, is no earlier event', async () => {
  const app = moesif.application('app')
  await app.faults.add({ status: 503, remaining: 1 })
  await post(`${moesif.url}/v1/events/batch`, [withMetadata({ plan: 'refused' })])
  await post(`${moesif.url}/v1/events`, {
    ...withMetadata({ plan: 'bad' }),
    request: { verb: 'GET' },
  })
  await send(moesif.url, [withMetadata({ plan: 1 })])
  expect((await findings()).at(-1)).toEqual(['good'])

  await app.reset()
  await send(moesif.url, [withMetadata({ plan: 'x' })])
  expect(await findings()).toEqual([['good']])
})

test('a database keeps the types', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'type-drift-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const db = join(folder, 'events.db')
  {
    await using first = await startMockMoesif({ db })
    await send(first.url, [withMetadata({ plan: 1 })])
  }
  await using again = await startMockMoesif({ db })
  await send(again.url, [withMetadata({ plan: 'x' })])

  expect((await findings('app', again)).at(-1)?.[0]).toBe('warning')
  expect(await again.application('app').typeChanges()).toMatchObject([{ events: 1 }])
})

const nested = (depth: number, leaf: unknown): Record<string, unknown> =>
  depth === 1 ? { leaf } : { inner: nested(depth - 1, leaf) }
const list = (length: number, last: unknown) => ({ list: [...Array(length).fill(1), last] })
const members = (count: number, value: unknown) =>
  Object.fromEntries([...Array(count).keys()].map((n) => [`m${n}`, value]))
const found = async (before: Record<string, unknown>, after: Record<string, unknown>) => {
  await moesif.resetAll()
  await send(moesif.url, [withMetadata(before)])
  await send(moesif.url, [withMetadata(after)])
  return (await findings()).at(-1)!.length - 1
}

test('looks ten names deep, at a thousand values, and finds ten', async () => {
  expect(await found(nested(10, 1), nested(10, 'x'))).toBe(1)
  expect(await found(nested(11, 1), nested(11, 'x'))).toBe(0)
  // The list itself is a value.
  expect(await found({ list: [1] }, list(998, 'x'))).toBe(1)
  expect(await found({ list: [1] }, list(999, 'x'))).toBe(0)
  expect(await found(members(10, 1), members(10, 'x'))).toBe(10)
  expect(await found(members(11, 1), members(11, 'x'))).toBe(10)
})

test('names without end are bounded, and hold up nothing', async () => {
  const many = Object.fromEntries([...Array(900).keys()].map((n) => [`id-${n}`, n]))
  for (let batch = 0; batch < 7; batch++) {
    const named = Object.entries(many).map(([name, value]) => [`${batch}-${name}`, value])
    await send(moesif.url, [withMetadata(Object.fromEntries(named))])
  }
  await send(moesif.url, [withMetadata({ '0-id-0': 'x', '6-id-899': 'x' })])

  expect((await findings()).at(-1)).toEqual(['warning', expect.stringContaining('0-id-0')])
})
