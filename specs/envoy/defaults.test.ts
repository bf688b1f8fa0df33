import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

let gateway: Gateway<'main'>

beforeAll(async () => {
  gateway = await Gateway.start({ doors: { main: {} } })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

test('with an application id alone events arrive, in batches as the collector expects them', async () => {
  const { version } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }
  const { url, application, applicationId } = gateway.door('main')

  for (let index = 0; index < 5; index++) await (await fetch(`${url}/hello`)).text()

  const events = await application.awaitEvents({ count: 5, timeout: 10_000 })
  expect(events.map(({ event }) => event.direction)).toEqual(Array(5).fill('Incoming'))
  const [request, ...more] = await application.requests()
  expect(more).toEqual([])
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
  const { url, application } = gateway.door('main')
  await application.reset()

  const worker = async () => {
    for (let index = 0; index < 25; index++) await (await fetch(`${url}/echo`)).text()
  }
  await Promise.all([worker(), worker(), worker(), worker(), worker()])

  await application.awaitEvents({ count: 125, timeout: 15_000 })
  const sizes = (await application.batches()).map(({ eventCount }) => eventCount)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
})
