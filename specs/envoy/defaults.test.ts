import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

let gateway: Gateway<'main' | 'patient'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: { main: {}, patient: { plugin: { batch_max_wait: 600_000 } } },
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

test('with an application id alone events arrive, in batches as the collector expects them', async () => {
  const { version } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  const { url, application, applicationId } = gateway.listener('main')

  for (let index = 0; index < 5; index++) await (await fetch(`${url}/hello`)).text()

  const events = await application.awaitEvents({ count: 5, timeout: 60_000 })
  expect(events.map(({ event }) => event.direction)).toEqual(Array(5).fill('Incoming'))
  const requests = await application.requests()
  const [request, ...more] = requests.filter(({ path }) => path !== '/v1/config')
  expect(more).toEqual([])
  // Sampling is on by default: its document is asked for once, some time after the start.
  expect(requests.length).toBeLessThanOrEqual(2)
  expect(request).toMatchObject({
    method: 'POST',
    path: '/v1/events/batch',
    headers: {
      'content-type': 'application/json',
      'x-moesif-application-id': applicationId,
      'user-agent': expect.stringContaining(version) as string,
    },
  })
})

test('a batch holds 100 events by default', async () => {
  const { url, application } = gateway.listener('patient')

  await Promise.all(Array.from({ length: 125 }, async () => (await fetch(`${url}/echo`)).text()))

  // Only what is full leaves; the 25 others wait for their time.
  await application.awaitEvents({ count: 100, timeout: 60_000 })
  expect((await application.batches()).map(({ eventCount }) => eventCount)).toEqual([100])
})
