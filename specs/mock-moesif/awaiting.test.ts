import { afterAll, expect, test } from 'vitest'
import { startMockMoesif, UnmetExpectation } from '#mock-moesif/index.ts'
import { sampleEvent, send, withStatus } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

test('resolves at once with what is there already', async () => {
  await send(moesif.url, [sampleEvent(), withStatus(500)], 'there')
  const answer = await moesif
    .application('there')
    .tryAwaitEvents({ where: 'status:500', timeout: 60_000 })

  expect(answer).toMatchObject({ met: true, count: 1, expected: 1, nearest: [] })
  expect(answer.events[0]).toMatchObject({ status: 500, event: { user_id: 'u1' }, findings: [] })
})

test('resolves as soon as enough events came, those before included', async () => {
  const app = moesif.application('later')
  await send(moesif.url, [sampleEvent()], app.id)
  const awaited = app.awaitEvents({ count: 3, where: 'body:total', timeout: 60_000 })
  await send(moesif.url, [sampleEvent()], app.id)
  await send(moesif.url, [sampleEvent()], 'somebody else')
  await send(moesif.url, [sampleEvent(), sampleEvent()], app.id)

  expect((await awaited).length).toBeGreaterThanOrEqual(3)
})

test('misses nothing that arrives while it looks at what is there', async () => {
  const app = moesif.application('race')
  const sending = Array.from({ length: 40 }, () => send(moesif.url, [sampleEvent()], app.id))
  const awaiting = Array.from({ length: 20 }, () => app.awaitEvents({ count: 40, timeout: 60_000 }))

  await Promise.all(sending)

  for (const events of await Promise.all(awaiting))
    expect(new Set(events.map(({ id }) => id)).size).toBe(40)
})

test('answers 422 with what came, and the nearest misses with what failed', async () => {
  const app = moesif.application('missed')
  await send(
    moesif.url,
    [sampleEvent({ user_id: 'u2' }), withStatus(404, { user_id: 'u3' })],
    app.id,
  )
  const url = `${moesif.url}/_mock/events/await?app=missed&count=2&timeout=50&filter=status:200+user:u1`
  const response = await fetch(url)

  expect(response.status).toBe(422)
  expect(await response.json()).toMatchObject({
    met: false,
    count: 0,
    expected: 2,
    nearest: [
      { event: { userId: 'u2' }, failed: [{ condition: 'user:u1', actual: 'user is "u2"' }] },
      {
        event: { userId: 'u3' },
        failed: [
          { condition: 'status:200', actual: 'status is 404' },
          { condition: 'user:u1', actual: 'user is "u3"' },
        ],
      },
    ],
  })
})

test('explains itself in the error of the client', async () => {
  const app = moesif.application('explained')
  await send(moesif.url, [sampleEvent({ user_id: 'u2' })], app.id)
  const error = await app
    .awaitEvents({ where: 'user:u1', timeout: 20 })
    .catch((reason: unknown) => reason)

  expect(error).toBeInstanceOf(UnmetExpectation)
  expect((error as Error).message).toMatch(
    /Expected 1 event matching user:u1 of application explained, got 0 .*\nNearest:\n {2}#\d+ GET https:.* -> 200\n {4}not user:u1: user is "u2"/,
  )
  await expect(moesif.application('empty').awaitEvents({ timeout: 1 })).rejects.toThrow(
    /No event of this application is held at all/,
  )
})

test('with exactly, refuses more than were asked for', async () => {
  const app = moesif.application('exactly')
  await send(moesif.url, [sampleEvent()], app.id)
  expect(await app.tryAwaitEvents({ count: 1, exactly: true })).toMatchObject({ met: true })

  await send(moesif.url, [sampleEvent()], app.id)
  expect(await app.tryAwaitEvents({ count: 1, exactly: true })).toMatchObject({
    met: false,
    count: 2,
  })
  expect(
    await app.tryAwaitEvents({ count: 0, exactly: true, where: 'status:500', timeout: 20 }),
  ).toMatchObject({ met: true })
})

test('gives up waiting when the client hangs up', async () => {
  const abort = new AbortController()
  const asked = fetch(`${moesif.url}/_mock/events/await?app=gone&timeout=600000`, {
    signal: abort.signal,
  })
  abort.abort()

  await expect(asked).rejects.toThrow()
})

test('refuses arguments that make no sense', async () => {
  for (const search of ['count=-1', 'count=x', 'timeout=700000', 'exactly=perhaps'])
    expect((await fetch(`${moesif.url}/_mock/events/await?${search}`)).status).toBe(400)
})

test('verifies counts and order', async () => {
  const app = moesif.application('verified')
  await send(moesif.url, [withStatus(201), withStatus(500), withStatus(200)], app.id)

  expect(await app.verify({ filter: 'status:2xx', count: 2, atLeast: 1 })).toMatchObject({
    met: true,
    count: 2,
  })
  expect(await app.verify({ filter: 'status:2xx', atMost: 1 })).toMatchObject({
    met: false,
    message: 'expected at most 1 events, found 2',
  })
  expect(await app.verify({ order: ['status:201', 'status:500', 'status:200'] })).toMatchObject({
    met: true,
  })
  expect(await app.verify({ order: ['status:500', 'status:201'] })).toMatchObject({
    met: false,
    message: expect.stringMatching(
      /step 2 of 2: no event after event \d+ meets status:201/,
    ) as string,
  })
})
