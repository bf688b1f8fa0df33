import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

async function forward(url: string, app: string, spec: object): Promise<void> {
  const response = await fetch(`${url}/_mock/forward?app=${app}`, {
    method: 'PUT',
    body: JSON.stringify(spec),
  })
  if (!response.ok) throw new Error(await response.text())
}

test('passes batches on under another application id and records both answers', async () => {
  await using real = await startMockMoesif()
  await using moesif = await startMockMoesif()
  const app = moesif.application('app')
  await forward(moesif.url, 'app', { url: `${real.url}/collector`, forwardAs: 'real-id' })
  await send(moesif.url, [sampleEvent(), sampleEvent()])
  await post(`${moesif.url}/v1/events`, sampleEvent())
  await send(moesif.url, [sampleEvent()], 'not forwarded')

  const arrived = await real.application('real-id').awaitEvents({ count: 3 })
  expect(arrived.map(({ event }) => event)).toEqual((await app.events()).map(({ event }) => event))
  await expect
    .poll(async () =>
      (await app.batches()).map(({ answer, forwarded }) => [answer, forwarded?.answer]),
    )
    .toEqual([
      [201, 201],
      [201, 201],
    ])
  expect((await real.application('real-id').requests()).map(({ path }) => path)).toEqual([
    '/collector/v1/events/batch',
    '/collector/v1/events',
  ])
})

test('records why the other collector could not be reached', async () => {
  await using moesif = await startMockMoesif()
  await using gone = await startMockMoesif()
  await gone.stop()
  await forward(moesif.url, 'app', { url: gone.url, forwardAs: 'x' })
  await send(moesif.url, [sampleEvent()])

  await expect
    .poll(async () => (await moesif.application('app').batches())[0]!.forwarded)
    .toMatchObject({
      answer: null,
      error: expect.stringContaining('ECONNREFUSED') as string,
    })
})
