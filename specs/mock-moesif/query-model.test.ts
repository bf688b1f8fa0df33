import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { getResponse } from 'msw'
import type { EventRecord, MoesifEvent } from '#mock-moesif/index.ts'
import { moesifHandlers } from '#mock-moesif/moesif-handlers.ts'
import { matches, parseQuery } from '#mock-moesif/query/index.ts'
import { events, START } from './various-events.ts'

// What a query means, said a second time and in the plainest way: generated queries must find what this says, by columns, by rows
// and by events.

const moesif = moesifHandlers()
afterAll(() => moesif.close())
const app = moesif.application('model')

const posted = async (path: string, document: unknown) =>
  await getResponse(
    [...moesif],
    new Request(`https://api.moesif.net/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': app.id },
      body: JSON.stringify(document),
    }),
  )
for (const batch of [events.slice(0, 4), events.slice(4)]) await posted('events/batch', batch)
// Moesif would refuse them: they are held all the same.
await posted('events', { request: { verb: 'GET', uri: '/orders' } })
await posted('events', {})
const records = await app.events()

interface Meaning {
  text: string
  holds: (record: EventRecord) => boolean
}

type Texts = (record: EventRecord) => unknown[]
const eventOf = (record: EventRecord) => record.event as Partial<MoesifEvent>
const numbers: Record<string, [(record: EventRecord) => number | null, units: [string, number][]]> =
  {
    status: [(record) => record.status, []],
    duration: [
      (record) => record.durationMs,
      [
        ['ms', 1],
        ['s', 1000],
        ['m', 60_000],
      ],
    ],
    weight: [(record) => record.weight, []],
    size: [
      (record) => record.size,
      [
        ['b', 1],
        ['kb', 1024],
      ],
    ],
    batch: [(record) => record.batchId, []],
    id: [(record) => record.id, []],
  }
const texts: Record<string, Texts> = {
  verb: (record) => [record.verb],
  uri: (record) => [record.uri],
  path: (record) => [record.uri && /^(?:https:\/\/[^/]*)?([^?]*)/.exec(record.uri)![1]],
  host: (record) => [record.uri && /^https:\/\/([^/]*)/.exec(record.uri)?.[1]],
  user: (record) => [record.userId],
  company: (record) => [record.companyId],
  app: (record) => [record.applicationId],
  verdict: (record) => [record.verdict],
  route: (record) => [record.route],
  blocked_by: (record) => [record.blockedBy],
  direction: (record) => [record.direction],
  transaction: (record) => [record.transactionId],
  session: (record) => [eventOf(record).session_token],
  ip: (record) => [eventOf(record).request?.ip_address],
  'header.x-id': (record) => [eventOf(record).request?.headers?.['X-Id']],
  'header.Shared': (record) => [
    eventOf(record).request?.headers?.['shared'],
    eventOf(record).response?.headers?.['shared'],
  ],
  'response.header.shared': (record) => [eventOf(record).response?.headers?.['shared']],
  'metadata.plan.name': (record) => [
    (eventOf(record).metadata as { plan: { name: unknown } } | undefined)?.plan.name,
  ],
  'event.request.verb': (record) => [eventOf(record).request?.verb],
}
const bodies: Record<string, Texts> = {
  'request.body': (record) => [eventOf(record).request?.body],
  'response.body': (record) => [eventOf(record).response?.body],
  body: (record) => [eventOf(record).request?.body, eventOf(record).response?.body],
}

const present = (values: unknown[]) =>
  values.filter((value) => value !== null && value !== undefined).map(String)
const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`

const compare: Record<string, (value: number, limit: number) => boolean> = {
  '': (value, limit) => value === limit,
  '=': (value, limit) => value === limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
}
const operator = fc.constantFrom(...Object.keys(compare))
const anyRecord = fc.constantFrom(...records)

const ofNumber = fc
  .record({
    name: fc.constantFrom(...Object.keys(numbers)),
    written: operator,
    near: anyRecord,
    to: anyRecord,
    by: fc.constantFrom(-1, 0, 0, 1, 0.5),
    unit: fc.nat(2),
    form: fc.constantFrom('limit', 'limit', 'limit', 'range', 'any', 'class'),
  })
  .map(({ name, written, near, to, by, unit, form }): Meaning => {
    const [valueOf, units] = numbers[name]!
    const is = (fits: (value: number) => boolean) => (record: EventRecord) => {
      const value = valueOf(record)
      return value !== null && fits(value)
    }
    if (form === 'any') return { text: `${name}:*`, holds: is(() => true) }
    if (form === 'class' && name === 'status')
      return { text: `status:${unit + 3}XX`, holds: is((v) => Math.floor(v / 100) === unit + 3) }
    const [suffix, factor] = units[unit] ?? ['', 1]
    const from = Math.max(0, (valueOf(near) ?? 0) + by)
    if (form === 'range') {
      // The first has the unit of the second, or its own.
      const first = Math.ceil(from / factor)
      const last = Math.ceil((valueOf(to) ?? 0) / factor)
      return {
        text: `${name}:${first}${by === 0 ? '' : suffix}..${last}${suffix}`,
        holds: is((value) => value >= first * factor && value <= last * factor),
      }
    }
    const limit = (Math.round((from / factor) * 1000) / 1000) * factor
    return {
      text: `${name}:${written}${limit / factor}${suffix}`,
      holds: is((value) => compare[written]!(value, limit)),
    }
  })

const ofTime = fc
  .record({ written: operator, near: fc.nat(events.length - 1), by: fc.constantFrom(-1, 0, 0, 1) })
  .map(({ written, near, by }): Meaning => {
    const limit = START + near * 1000 + by
    return {
      text: `time:${written}${new Date(limit).toISOString()}`,
      holds: ({ time }) => time !== null && compare[written]!(time, limit),
    }
  })

const ofText = fc
  .record({
    name: fc.constantFrom(...Object.keys(texts)),
    near: anyRecord,
    form: fc.constantFrom(
      'whole',
      'start',
      'end',
      'middle',
      'any',
      'none',
      'star',
      'part',
      'exact',
    ),
    upper: fc.boolean(),
    which: fc.nat(1),
  })
  .map(({ name, near, form, upper, which }): Meaning => {
    const valuesOf = (record: EventRecord) => present(texts[name]!(record))
    const folded = (record: EventRecord) => valuesOf(record).map((value) => value.toLowerCase())
    const some = (fits: (value: string) => boolean) => (record: EventRecord) =>
      folded(record).some((value) => value !== '' && fits(value))
    const examples = valuesOf(near)
    const example = examples[which % examples.length] ?? 'absent'
    const value = upper ? example.toUpperCase() : example
    const wanted = value.toLowerCase()
    const isPlain = /^[^\s"():*]+$/.test(value) && !/^[<>=]/.test(value)
    if (form === 'any') return { text: `${name}:*`, holds: some(() => true) }
    if (form === 'none' || value === '')
      return { text: `${name}:""`, holds: (record) => valuesOf(record).includes('') }
    if (form === 'star')
      return { text: `${name}:${quoted('u*')}`, holds: some((one) => one === 'u*') }
    if (form === 'whole' || !isPlain)
      return { text: `${name}:${quoted(value)}`, holds: some((one) => one === wanted) }
    if (form === 'exact')
      return { text: `${name}:=${value}`, holds: (record) => valuesOf(record).includes(value) }
    const half = wanted.slice(0, Math.ceil(wanted.length / 2))
    const rest = wanted.slice(1)
    const forms: Record<string, Meaning> = {
      start: { text: `${half}*`, holds: some((one) => one.startsWith(half)) },
      end: { text: `*${rest}`, holds: some((one) => one.endsWith(rest)) },
      middle: { text: `*${rest}*`, holds: some((one) => one.includes(rest)) },
      part: { text: value, holds: some((one) => one === wanted) },
    }
    return { text: `${name}:${forms[form]!.text}`, holds: forms[form]!.holds }
  })

const ofBody = fc
  .record({
    name: fc.constantFrom(...Object.keys(bodies)),
    part: fc.constantFrom('sku', 'SKU', 'a-1', 'of stock', '"total":3', '{"n":2}', 'absent'),
  })
  .map(({ name, part }): Meaning => ({
    text: `${name}:${quoted(part)}`,
    holds: (record) =>
      bodies[name]!(record).some((body) => {
        if (body === undefined || body === null) return false
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        return text.toLowerCase().includes(part.toLowerCase())
      }),
  }))

/** All of them arrived a moment ago. */
const ofAge = fc
  .constantFrom('*', '<1m', '<=5000s', '>=0ms', '<2h', '-1..1d', '>1m', '>=1m', '2..3h', '>=0.1d')
  .map((value): Meaning => ({
    text: `age:${value}`,
    holds: () => !/^(>1|>=1m|2|>=0.1)/.test(value),
  }))

const ofFlag = fc
  .record({
    name: fc.constantFrom('bad', 'warning', 'good', 'duplicate'),
    wanted: fc.constantFrom('true', 'false', 'TRUE', 'False'),
  })
  .map(({ name, wanted }): Meaning => ({
    text: `${name}:${wanted}`,
    holds: ({ verdict, duplicateOf }) =>
      (name === 'duplicate' ? duplicateOf !== null : verdict === name) ===
      (wanted.toLowerCase() === 'true'),
  }))

const ofPresence = fc
  .oneof(
    fc.constantFrom(...Object.entries(texts), ...Object.entries(bodies)),
    fc
      .constantFrom(...Object.entries(numbers))
      .map(([name, [valueOf]]): [string, Texts] => [name, (record) => [valueOf(record)]]),
  )
  .chain(([name, valuesOf]) =>
    fc.constantFrom<Meaning>(
      {
        text: `has:${name}`,
        holds: (record) => present(valuesOf(record)).some((value) => value !== ''),
      },
      {
        text: `missing:${name}`,
        holds: (record) => present(valuesOf(record)).length === 0,
      },
    ),
  )

const condition = fc.oneof(ofNumber, ofText, ofText, ofTime, ofBody, ofAge, ofFlag, ofPresence)
const query = fc.letrec<{ node: Meaning }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    condition,
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((parts): Meaning => ({
      text: `(${parts.map(({ text }) => text).join(' ')})`,
      holds: (record) => parts.every(({ holds }) => holds(record)),
    })),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((parts): Meaning => ({
      text: `(${parts.map(({ text }) => text).join(' OR ')})`,
      holds: (record) => parts.some(({ holds }) => holds(record)),
    })),
    tie('node').map(({ text, holds }): Meaning => ({
      text: `-${text}`,
      holds: (record) => !holds(record),
    })),
  ),
})).node

function idsFound({ text }: Meaning): number[] {
  const { root, problems } = parseQuery(text)
  expect(problems).toEqual([])
  return records.filter((record) => matches(root, record)).map(({ id }) => id)
}
const idsMeant = ({ holds }: Meaning) => records.filter(holds).map(({ id }) => id)

test('a condition finds what it says', () => {
  fc.assert(
    fc.property(condition, (meaning) => {
      expect(idsFound(meaning)).toEqual(idsMeant(meaning))
    }),
    { numRuns: 3000 },
  )
})

test('a query finds what its conditions say, in the database, in rows and in events', async () => {
  await fc.assert(
    fc.asyncProperty(query, async (meaning) => {
      const meant = idsMeant(meaning)
      expect(idsFound(meaning)).toEqual(meant)
      expect(await app.count({ where: meaning.text })).toBe(meant.length)
    }),
    { numRuns: 250 },
  )
})

const byAndSplit = fc.record({
  by: fc.constantFrom(
    'status',
    'verb',
    'uri',
    'user',
    'company',
    'app',
    'verdict',
    'route',
    'blocked_by',
    'direction',
    'transaction',
    'duration',
    'size',
    'batch',
    'id',
    'weight',
  ),
  split: fc.constantFrom('none', 'status', 'group'),
  intervals: fc.constantFrom(1, 7, 1000),
})

test('groups are the same, whether columns or events are added up', async () => {
  await fc.assert(
    fc.asyncProperty(byAndSplit, ofNumber, async (wanted, { text, holds }) => {
      const { tookMs: _, ...byColumns } = await app.aggregate({ ...wanted, where: text })
      // No column has a body.
      const where = `${text} -body:"in no body"`
      const { tookMs: __, ...byEvents } = await app.aggregate({ ...wanted, where })

      expect(byEvents).toEqual(byColumns)
      expect(byColumns.total).toMatchObject({ count: records.filter(holds).length })
    }),
    { numRuns: 60 },
  )
})

test('the key of a group is cut at 500 characters', async () => {
  const { groups } = await app.aggregate({ by: 'uri', where: 'user:u3' })
  expect(groups.map(({ key }) => key!.length)).toEqual([500])
})
