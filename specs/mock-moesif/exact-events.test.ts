import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { parseExactly } from '#mock-moesif/model/exact-json.ts'
import { post, sampleEvent } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

/** An event whose metadata no JavaScript number holds. */
const metadata =
  '{"id":9007199254740993,"one":1.0,"minus":-0.0,"huge":1e999,"twice":1,"twice":2,"small":12}'
const event = JSON.stringify(sampleEvent()).replace(/}$/, `,"metadata":${metadata}}`)

async function textOf(path: string): Promise<string> {
  return (await fetch(`${moesif.url}/_mock/${path}`)).text()
}

test('gives numbers and repeated members as they were sent, in every answer', async () => {
  await post(`${moesif.url}/v1/events`, event, { app: 'exact' })
  const { id } = (await moesif.application('exact').summaries())[0]!

  for (const path of [
    `events/${id}`,
    `events/${id}/raw`,
    'events/await?app=exact',
    'events/export?app=exact',
    'events/export?app=exact&format=json',
  ])
    expect(await textOf(path), path).toContain(metadata)
})

test('a HAR has the body of an exchange as it was sent, and gives its numbers back', async () => {
  const body = '{"id":9007199254740993,"one":1.0,"twice":1,"twice":2}'
  const withBody = JSON.stringify(
    sampleEvent({
      request: {
        ...sampleEvent().request,
        headers: { 'content-type': 'application/json' },
        body: 'BODY',
      },
    }),
  ).replace('"BODY"', body)
  await post(`${moesif.url}/v1/events`, withBody, { app: 'archived' })

  const archive = await textOf('events/export?app=archived&format=har')
  const { log } = JSON.parse(archive) as {
    log: { entries: { request: { bodySize: number; postData: { text: string } } }[] }
  }
  expect(log.entries[0]?.request).toMatchObject({ bodySize: body.length, postData: { text: body } })

  await moesif.application('from-har').import(archive)
  expect(await textOf('events/export?app=from-har')).toContain(
    '{"id":9007199254740993,"one":1.0,"twice":2}',
  )
})

test('groups, values and near misses have a number as it was sent', async () => {
  const app = moesif.application('grouped')
  await post(`${moesif.url}/v1/events`, event, { app: app.id })
  await post(`${moesif.url}/v1/events`, event.replace('740993', '740992'), { app: app.id })
  const ids = (await app.summaries()).map(({ id }) => id)
  const { groups } = await app.aggregate({ by: 'metadata.id' })
  const { nearest } = await app.tryAwaitEvents({ where: 'metadata.huge:1', timeout: 1 })

  expect(groups.map(({ key, count }) => [key, count])).toEqual([
    ['9007199254740992', 1],
    ['9007199254740993', 1],
  ])
  expect(await moesif.eventValues('metadata.id', ids)).toEqual([
    '9007199254740993',
    '9007199254740992',
  ])
  expect(nearest[0]!.failed).toEqual([
    { condition: 'metadata.huge:1', actual: 'metadata.huge is "1e999"' },
  ])
})

const putUser = (text: string) => post(`${moesif.url}/v1/users`, text, { app: 'people' })

test('keeps the numbers of a user, and merges them', async () => {
  await putUser(`{"user_id":"u1","metadata":{"id":1,"huge":1e999,"kept":1.0}}`)
  await putUser(`{"user_id":"u1","metadata":{"id":9007199254740993,"huge":null}}`)

  expect(await textOf('entities?app=people')).toContain(
    '{"user_id":"u1","metadata":{"id":9007199254740993,"kept":1.0}}',
  )
})

test('a HAR has a header that is a number', async () => {
  const odd = event.replace('"x-id":"abc"', '"x-id":1.0')
  await post(`${moesif.url}/v1/events`, odd, { app: 'numbers' })

  expect(await textOf('events/export?app=numbers&format=har')).toContain('"entries":[')
})

test('parses any number so that it is written as it was', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 22 })
  const number = fc
    .tuple(
      fc.constantFrom('', '-'),
      digits.map((text) => text.replace(/^0+(?=.)/, '')),
      fc.option(digits),
      fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(400))),
    )
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
    )
  fc.assert(
    fc.property(number, (text) => {
      for (const json of [text, `[1,${text}]`, `{"a":${text}}`])
        expect(JSON.stringify(parseExactly(json))).toBe(json)
    }),
    { numRuns: 2000 },
  )
})

test('imports an export as it was', async () => {
  await post(`${moesif.url}/v1/events`, event, { app: 'exported' })
  for (const format of ['ndjson', 'json']) {
    const exported = await textOf(`events/export?app=exported&format=${format}`)
    await moesif.application(`imported-${format}`).import(exported)

    expect(await textOf(`events/export?app=imported-${format}`), format).toContain(metadata)
  }
})

test.each([
  'event.metadata.id:9007199254740993',
  'metadata.id:9007199254740993',
  'metadata.one:1.0',
  'metadata.minus:-0.0',
  'metadata.huge:1e999',
  'text:9007199254740993',
  'metadata.small:12',
])('finds a number as it was written: %s', async (where) => {
  await moesif.application('found').reset()
  await post(`${moesif.url}/v1/events`, event, { app: 'found' })

  expect(await moesif.application('found').count({ where })).toBe(1)
  expect(await moesif.application('found').count({ where: 'metadata.id:9007199254740992' })).toBe(0)
})

test.each([
  ['a byte order mark', `\ufeff${event}`],
  ['white space', ` \r\n\t${event}\n `],
  ['line breaks between tokens', event.replace('{', '{\r\n')],
])('an event with %s spoils no read', async (_what, body) => {
  const app = moesif.application('marked')
  await app.reset()
  expect((await post(`${moesif.url}/v1/events`, body, { app: app.id })).status).toBe(201)
  expect((await post(`${moesif.url}/v1/events/batch`, `[${event}]`, { app: app.id })).status).toBe(
    201,
  )

  expect(await app.count({ where: 'body:total' })).toBe(2)
  expect((await app.events()).map(({ uri }) => uri)).toHaveLength(2)
  expect(JSON.parse(await textOf('events/export?app=marked&format=json'))).toHaveLength(2)
})

test('an event that nests deeper than JavaScript recurses spoils no read', async () => {
  const app = moesif.application('deep')
  const deep = event.replace(/}$/, `,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
  expect((await post(`${moesif.url}/v1/events`, deep, { app: app.id })).status).toBe(201)

  expect(await app.count({ where: 'metadata.small:12' })).toBe(1)
  expect(await app.count({ where: 'has:event.deep' })).toBe(1)
  expect(await app.count({ where: 'text:nowhere' })).toBe(0)
  expect(await app.tryAwaitEvents({ where: 'event.deep:x', timeout: 1 })).toMatchObject({
    met: false,
  })
  expect(await textOf('events/export?app=deep&format=har')).toContain('"log"')
})

test.each([
  ['"weight":-5', ['weight:<0', 'weight:-5', 'event.weight:-5'], '/weight', -5],
  ['"weight":0', ['weight:0', 'event.weight:0'], '/weight', 0],
  ['"weight":1e30', ['weight:1', 'event.weight:1e30'], '/weight', 1],
  ['"status":1e308', ['-has:status', 'event.response.status:1e308'], '/response/status', 1],
])(
  'warns of a number out of its range, and finds it: %s',
  async (member, queries, pointer, weight) => {
    const app = moesif.application('ranges')
    await app.reset()
    const time = new Date().toISOString()
    const [response, rest] = member.startsWith('"status"')
      ? [member, '']
      : ['"status":200', `,${member}`]
    const text = `{"request":{"time":"${time}","uri":"https://a.example/","verb":"GET","headers":{},"ip_address":"203.0.113.7"},"response":{"time":"${time}","headers":{},${response}}${rest}}`
    expect((await post(`${moesif.url}/v1/events`, text, { app: app.id })).status).toBe(201)

    const [held] = await app.events()
    expect(held!.findings.map((finding) => finding.pointer)).toEqual([pointer])
    expect(held!.weight).toBe(weight)
    for (const where of queries) expect(await app.count({ where }), where).toBe(1)
    expect(await app.count({ where: 'status:1e308' })).toBe(0)
    expect((await app.aggregate({ by: 'app' })).total.weighted).toBe(1)
    expect((await app.aggregate({ by: 'header.none' })).total.weighted).toBe(1)
  },
)
