import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { matches, parseQuery } from '#mock-moesif/query/index.ts'
import { sampleEvent, send } from './sample.ts'

// Of a body that is no JSON, the event has base64: a query looks for what the bytes say.

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const app = moesif.application('app')

const { request, response } = sampleEvent()
const answered = (
  type: string,
  bytes: string | Uint8Array,
  encoding: 'base64' | 'json' = 'base64',
) =>
  sampleEvent({
    response: {
      ...response!,
      headers: { 'Content-Type': type },
      body: typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64'),
      transfer_encoding: encoding,
    },
  })
const html = '<h1>Out of stock</h1>'
await send(moesif.url, [
  answered('text/html', Buffer.from(html)),
  answered('text/plain; charset=iso-8859-1', Buffer.from('Größe', 'latin1')),
  answered('text/plain', Buffer.from('Größe "XL"\nline 2')),
  answered('image/png', Buffer.from('89504e470d0a1a0aff', 'hex')),
  answered('text/plain', Buffer.from('out of stock').toString('base64'), 'json'),
  answered('text/plain', 'no base64!'),
  answered('text/plain; charset=unheard-of', Buffer.from('Out of range')),
  sampleEvent({
    request: {
      ...request,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from('sku=a-1&q=>>>???').toString('base64url'),
      transfer_encoding: 'base64',
    },
  }),
  answered('text/html', Buffer.from(html.toUpperCase())),
])
const records = await app.events()

test.each([
  ['body:"out of stock"', [1, 9]],
  ['response.body:"out of stock"', [1, 9]],
  ['request.body:"out of stock"', []],
  ['"out of stock"', [1, 9]],
  ['text:out*stock</h', [1, 9]],
  [`body:="${html}"`, [1]],
  ['response.body:="<h1>"*', [1]],
  ['body:größe', [2, 3]],
  ['größe', [2, 3]],
  ['body:"größe \\"xl\\"\nline"', [3]],
  ['body:iVBORw', [4]],
  ['body:b3V0IG9m', [5]],
  ['body:"no base64!"', [6]],
  ['body:"of range"', [7]],
  ['request.body:sku=a-1', [8]],
  ['request.body:">>>???"', [8]],
  ['has:response.body -body:* ', []],
] as const)('finds in the text of base64 bodies by %s', async (where, ids) => {
  const { root, problems } = parseQuery(where)

  expect(problems).toEqual([])
  expect((await app.summaries({ where })).map(({ id }) => id)).toEqual(ids)
  expect(await app.count({ where })).toBe(ids.length)
  expect(records.filter((record) => matches(root, record)).map(({ id }) => id)).toEqual(ids)
})

test.each(['response.body', 'request.body'])(
  'groups by the text of base64 bodies: %s',
  async (by) => {
    const { groups } = await app.aggregate({ by, limit: 100 })

    if (by === 'response.body') expect(groups.map(({ key }) => key)).toContain(html)
    else expect(groups.map(({ key }) => key)).toContain('sku=a-1&q=>>>???')
    for (const { filter, count } of groups)
      expect(await app.count({ where: filter }), filter).toBe(count)
  },
)
