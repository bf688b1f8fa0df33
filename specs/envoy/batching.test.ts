import { afterAll, beforeAll, expect, test } from 'vitest'
import { Gateway } from '#specs/support/gateway.ts'

const LONG_WAIT = 60_000

let gateway: Gateway<'size' | 'wait' | 'last'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: {
      size: { plugin: { batch_max_size: 4, batch_max_wait: LONG_WAIT } },
      wait: { plugin: { batch_max_size: 100, batch_max_wait: 2_000 } },
      last: { plugin: { batch_max_size: 3, batch_max_wait: 300 } },
    },
  })
})
afterAll(async () => await gateway[Symbol.asyncDispose]())

async function request(url: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await (await fetch(`${url}/echo`)).text()
}

test('a batch goes out when batch_max_size is reached, however long batch_max_wait', async () => {
  const { url, application } = gateway.listener('size')

  await request(url, 4)

  expect(await application.awaitEvents({ count: 4 })).toHaveLength(4)
  const batches = await application.batches()
  expect(batches.map(({ eventCount }) => eventCount)).toEqual([4])
})

test('fewer events than batch_max_size wait for batch_max_wait, then go out together', async () => {
  const { url, application } = gateway.listener('wait')

  await request(url, 3)

  await application.awaitEvents({ count: 3, timeout: 60_000 })
  const batches = await application.batches()
  expect(batches.map(({ eventCount }) => eventCount)).toEqual([3])
})

test('no batch exceeds batch_max_size', async () => {
  const { url, application } = gateway.listener('last')

  await Promise.all(Array.from({ length: 5 }, () => request(url, 4)))

  await application.awaitEvents({ count: 20, exactly: true })
  const sizes = (await application.batches()).map(({ eventCount }) => eventCount)
  expect(Math.max(...sizes)).toBe(3)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20)
})
