import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent } from './sample.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

const get = (path: string, app: string, headers: Record<string, string> = {}) =>
  fetch(moesif.url + path, { headers: { 'x-moesif-application-id': app, ...headers } })

test('serves config and rules with the tags that every answer carries', async () => {
  const config = await get('/v1/config', 'tags')
  const rules = await get('/v1/rules', 'tags')
  const events = await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'tags' })

  expect(await config.json()).toMatchObject({ sample_rate: 100, user_rules: NOTHING })
  expect(await rules.json()).toEqual([])
  for (const tag of ['x-moesif-config-etag', 'x-moesif-rules-tag'])
    expect(new Set([config, rules, events].map(({ headers }) => headers.get(tag))).size).toBe(1)
})

test('bumps the tag of what was changed, for that application only', async () => {
  const tags = async (app: string) => {
    const { headers } = await get('/v1/config', app)
    return [headers.get('x-moesif-config-etag'), headers.get('x-moesif-rules-tag')]
  }
  const [config, rules] = await tags('changed')
  await moesif
    .application('changed')
    .config.patch({ sample_rate: 50, user_sample_rate: { vip: 100 } })

  expect(await get('/v1/config', 'changed').then((response) => response.json())).toMatchObject({
    sample_rate: 50,
    user_sample_rate: { vip: 100 },
    company_sample_rate: {},
  })
  expect((await tags('changed'))[0]).not.toBe(config)
  expect((await tags('changed'))[1]).toBe(rules)
  expect(await tags('unchanged')).toEqual([config, rules])

  await moesif.application('changed').rules.put([{ _id: 'r1', type: 'regex', block: true }])
  expect((await tags('changed'))[1]).not.toBe(rules)
  expect(await get('/v1/rules', 'changed').then((response) => response.json())).toMatchObject([
    { _id: 'r1' },
  ])
})

test('sets documents for everybody who has none of their own', async () => {
  await using mock = await startMockMoesif()
  const of = async (app: string) => {
    const headers = { 'x-moesif-application-id': app }
    return (await fetch(`${mock.url}/v1/config`, { headers })).json()
  }
  await mock.application('own').config.put({ sample_rate: 1 })
  await fetch(`${mock.url}/_mock/config`, { method: 'PUT', body: '{"sample_rate":2}' })

  expect(await of('own')).toEqual({
    sample_rate: 1,
  })
  expect(await of('anybody')).toEqual({
    sample_rate: 2,
  })
})

test('answers 304 to who has the document already', async () => {
  const first = await get('/v1/rules', 'cached')
  const again = await get('/v1/rules', 'cached', { 'if-none-match': first.headers.get('etag')! })

  expect(again.status).toBe(304)
})

test('removes what a patch sets to null', async () => {
  const { config } = moesif.application('patched')
  await config.put({ sample_rate: 5, user_rules: { a: [], b: [] } })
  await config.patch({ user_rules: { a: null } })

  expect(await config.get()).toEqual({ sample_rate: 5, user_rules: { b: [] } })
})

test('refuses documents of the wrong shape', async () => {
  await expect(moesif.application('x').config.put([])).rejects.toThrow('must be object')
  await expect(moesif.application('x').rules.put({})).rejects.toThrow('must be array')
})

test('the documents of all applications are bounded together: there is room again when some are forgotten', async () => {
  const statuses = []
  for (const app of ['big-1', 'big-2', 'big-3', 'big-4', 'big-4', 'big-5'])
    statuses.push(await putLarge(app))
  expect(statuses).toEqual([200, 200, 200, 200, 200, 413])

  for (const app of ['big-1', 'big-2', 'big-3', 'big-4']) await moesif.application(app).reset()
  expect(await putLarge('big-5')).toBe(200)
})

async function putLarge(app: string): Promise<number> {
  const { status } = await fetch(`${moesif.url}/_mock/config?app=${app}&unchecked=true`, {
    method: 'PUT',
    body: JSON.stringify({ org_id: 'x'.repeat(13 * 1024 * 1024) }),
  })
  return status
}
