import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { fields, matches, parseQuery } from '#mock-moesif/query/index.ts'
import { sampleEvent, send } from './sample.ts'

// Wildcards, quotes, letter case and escapes mean the same in every text field, by SQL, by row and by event.

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

const VALUE = 'Say "hi" \\ to *Ünal* (50%_)'
const OTHER = 'something else'
const withValue = (value: string) => {
  const { request, response } = sampleEvent()
  return sampleEvent({
    user_id: value,
    company_id: value,
    session_token: value,
    transaction_id: value,
    direction: value as never,
    blocked_by: value,
    metadata: { member: value, 'a b': value },
    request: {
      ...request,
      verb: value,
      uri: value,
      ip_address: value,
      headers: { 'x-header': value },
      body: { member: value },
    },
    response: { ...response!, headers: { 'x-header': value }, body: { member: value } },
  })
}
await send(moesif.url, [withValue(VALUE), withValue(OTHER)], VALUE.toWellFormed().replace('Ü', 'U'))
const records = (
  await Promise.all((await moesif.eventPage({})).items.map(({ id }) => moesif.event(id)))
).toReversed()

const members: Record<string, string> = {
  'metadata.': 'metadata.member',
  'event.': 'event.metadata.member',
  'header.': 'header.X-Header',
  'request.header.': 'request.header.x-header',
  'response.header.': 'response.header.x-header',
  'request.body.': 'request.body.member',
  'response.body.': 'response.body.member',
}
/** Of these the mock makes the value itself. */
const derived = new Set(['app', 'verdict', 'host', 'route', 'path', 'text'])
const names = (kind: string) =>
  fields
    .filter((field) => field.kind === kind && !derived.has(field.name))
    .map(({ name }) => members[name] ?? name)

async function idsFound(where: string): Promise<number[]> {
  const { root, problems } = parseQuery(where)
  expect(problems, where).toEqual([])
  const evaluated = records.filter((record) => matches(root, record)).map(({ id }) => id)
  const bySql = (await moesif.eventPage({ filter: where })).items.map(({ id }) => id).toReversed()
  const byEvent = await moesif.eventCount({ filter: `${where} -body:"in no body"` })
  expect(bySql, where).toEqual(evaluated)
  expect(byEvent, where).toBe(evaluated.length)
  return evaluated
}

const WHOLE = '"SAY \\"hi\\" \\\\ to *ünal* (50%_)"'
const always: [value: string, ids: number[]][] = [
  [WHOLE, [1]],
  ['*', [1, 2]],
  ['*ünal*', [1]],
  ['SAY*', [1]],
  ['s*ü*', [1]],
  ['*zzz*', []],
  ['"*"*', []],
  ['"say \\"HI\\" "*', [1]],
  ['""*', [1, 2]],
  ['""', []],
  ['=""', []],
]

test.each(['metadata."a b"', ...names('text')])(
  'wildcards, quotes, case and escapes of %s',
  async (name) => {
    for (const [value, ids] of [
      ...always,
      ['*(50%_)', [1]],
      ['*else', [2]],
      ['say', []],
      ['"say*"', []],
      ['"something"*', [2]],
      ['else*', []],
      ['="something else"', [2]],
      ['="Something else"', []],
      ['="some"*', [2]],
      ['="Some"*', []],
      ['=something*', []],
    ] as [string, number[]][])
      expect(await idsFound(`${name}:${value}`), `${name}:${value}`).toEqual(ids)
  },
)

test.each(names('contains'))('wildcards, quotes, case and escapes of %s', async (name) => {
  for (const [value, ids] of [
    ...always.filter(([written]) => written !== '"*"*'),
    ['"*"*', [1]],
    ['ÜNAL', [1]],
    ['*else*', [2]],
    ['some*else', [2]],
    ['else*some', []],
    ['else*', [2]],
    ['"*"', [1]],
    ['"50%_"', [1]],
    ['"some*"', []],
    ['="{\\"member\\":\\"something else\\"}"', [2]],
    ['="{\\"member\\":\\"Something else\\"}"', []],
    ['="{\\"member\\":\\"some"*', [2]],
    ['="something else"', []],
  ] as [string, number[]][])
    expect(await idsFound(`${name}:${value}`), `${name}:${value}`).toEqual(ids)
})

test.each([
  ['some*else', [2]],
  ['*ünal', [1]],
  ['*', [1, 2]],
  ['"*"', [1]],
  ['text:some*else', [2]],
  ['"some"*', [2]],
  ['path:*else', [2]],
  ['path:="something else"', [2]],
  ['app:"say \\"hi\\""*', [1, 2]],
  ['-body:*', []],
] as const)('finds anywhere: %s', async (where, ids) => {
  expect(await idsFound(where)).toEqual(ids)
})
