import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
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

/** A collector whose answers are scripted. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
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
  await using stopped = await startMockMoesif()
  await stopped.stop()
  await forward(moesif.url, 'app', { url: stopped.url, forwardAs: 'x' })
  await send(moesif.url, [sampleEvent()])

  await expect
    .poll(async () => (await moesif.application('app').batches())[0]!.forwarded)
    .toMatchObject({
      answer: null,
      error: expect.stringContaining('ECONNREFUSED') as string,
    })
})

test.each([301, 302, 303, 307, 308])(
  'follows no redirect (%i), which would lead events and application id elsewhere',
  async (status) => {
    await using elsewhere = await startMockMoesif()
    await using redirecting = await serve((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/v1/events/batch` }).end(),
    )
    await using moesif = await startMockMoesif()
    await forward(moesif.url, 'app', { url: redirecting.url, forwardAs: 'secret-id' })
    await send(moesif.url, [sampleEvent()])

    await expect
      .poll(async () => (await moesif.application('app').batches())[0]!.forwarded)
      .toMatchObject({
        answer: status,
        error: expect.stringContaining('is not followed') as string,
      })
    expect(elsewhere.storeCounts.requests).toBe(0)
  },
)

test('ends a loop after one turn, through another mock, too', async () => {
  await using moesif = await startMockMoesif()
  await using other = await startMockMoesif()
  await forward(moesif.url, '*', { url: other.url, forwardAs: 'there' })
  await forward(other.url, '*', { url: moesif.url, forwardAs: 'back' })
  await send(moesif.url, [sampleEvent()])

  await expect
    .poll(async () => (await moesif.application('back').batches()).map((batch) => batch.forwarded))
    .toMatchObject([{ answer: null, error: expect.stringContaining('loop') as string }])
  expect(other.storeCounts.batches).toBe(1)
  expect(moesif.storeCounts.batches).toBe(2)
})

test('lets no collector that does not answer hold up another', async () => {
  await using dead = await serve(() => {})
  await using real = await startMockMoesif()
  await using moesif = await startMockMoesif()
  await forward(moesif.url, 'one', { url: dead.url, forwardAs: 'x' })
  await forward(moesif.url, 'two', { url: real.url, forwardAs: 'y' })
  await send(moesif.url, [sampleEvent()], 'one')
  await send(moesif.url, [sampleEvent()], 'two')

  await real.application('y').awaitEvents({ count: 1 })
})

test('passes nothing on that still waited when forwarding was stopped', async () => {
  const held: (() => void)[] = []
  await using slow = await serve((_request, response) => held.push(() => response.end()))
  await using moesif = await startMockMoesif()
  await forward(moesif.url, 'app', { url: slow.url, forwardAs: 'x' })
  await send(moesif.url, [sampleEvent()])
  await send(moesif.url, [sampleEvent()])
  await expect.poll(() => held.length).toBe(1)
  await fetch(`${moesif.url}/_mock/forward?app=app`, { method: 'DELETE' })
  held[0]!()

  await expect
    .poll(async () => (await moesif.application('app').batches())[1]!.forwarded)
    .toMatchObject({ answer: null, error: expect.stringContaining('stopped') as string })
  expect(held).toHaveLength(1)
})
