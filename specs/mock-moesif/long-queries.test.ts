import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { withinTime } from '#mock-moesif/test-api/within-time.ts'
import { cpuTime } from '#specs/support/cpu-time.ts'
import { post, sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

await send(
  moesif.url,
  [sampleEvent({ metadata: { zeros: Array.from({ length: 900_000 }, () => 0) } })],
  'large',
)
const texts = (join: string) => Array.from({ length: 1000 }, (_, at) => `q${at}`).join(join)
const same = 'a '.repeat(1000)

const ask = (path: string, body?: object) =>
  fetch(`${moesif.url}/_mock/${path}`, body && { method: 'POST', body: JSON.stringify(body) })
const count = (filter: string) => ask(`events/count?${new URLSearchParams({ filter })}`)

test.each([
  ['a count of alternatives', () => count(texts(' OR ')), { count: 0 }],
  ['a count of one word again and again', () => count(same), { count: 1 }],
  [
    'members of metadata',
    () => count(texts(' OR ').replaceAll('q', 'metadata.zeros:-')),
    { count: 0 },
  ],
  [
    'a verification, and what came near',
    () => ask('verify', { filter: texts(' '), atLeast: 1 }),
    { met: false, count: 0 },
  ],
  [
    'a verification of an order',
    () => ask('verify', { order: [texts(' OR ')] }),
    { met: false, count: 0 },
  ],
] as const)(
  'a batch waits for less than a second of processor time during %s',
  async (_what, search, expected) => {
    const answer = search()
    await setImmediate()
    const sent = cpuTime()
    const { status } = await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'meanwhile' })

    expect(status).toBe(201)
    expect(cpuTime() - sent).toBeLessThan(1000)
    expect(await (await answer).json()).toMatchObject(expected)
    await moesif.application('meanwhile').reset()
  },
)

const endless = async (ends: AbortSignal) => {
  for (;;) {
    await setImmediate()
    ends.throwIfAborted()
  }
}

test('a search that takes too long is given up with what to change', async () => {
  const { signal } = new AbortController()
  await expect(withinTime(signal, endless, 1)).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('longer than 1 ms: ask for') as string,
  })
  await expect(withinTime(AbortSignal.abort(), endless)).rejects.toThrow('aborted')
})
