import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { moesifHandlers } from '#mock-moesif/index.ts'
import { post, sampleEvent, withStatus } from './sample.ts'

test('takes what is sent to Moesif, without a port', async () => {
  await using moesif = moesifHandlers()
  const server = setupServer(...moesif)
  server.listen({ onUnhandledFrame: 'error' })
  try {
    const app = moesif.application('my-app')
    const awaited = app.awaitEvents({ count: 2, where: 'user:u1' })
    const answer = await post(
      'https://api.moesif.net/v1/events/batch',
      [sampleEvent(), withStatus(500)],
      { app: app.id },
    )

    expect(answer.status).toBe(201)
    expect(await awaited).toHaveLength(2)
    expect(await app.events({ where: 'status:500' })).toHaveLength(1)
    await expect(app.awaitEvents({ where: 'status:404', timeout: 1 })).rejects.toThrow(
      /not status:404: status is 500/,
    )

    await app.faults.add({ status: 429, remaining: 1 })
    expect(
      (await post('https://api.moesif.net/v1/events', sampleEvent(), { app: app.id })).status,
    ).toBe(429)
    await app.faults.add({ connection: 'reset-after-read', remaining: 1 })
    await expect(
      post('https://api.moesif.net/v1/events', sampleEvent(), { app: app.id }),
    ).rejects.toThrow()

    const config = await fetch('https://api.moesif.net/v1/config', {
      headers: { 'x-moesif-application-id': app.id },
    })
    expect(await config.json()).toMatchObject({ sample_rate: 100 })
  } finally {
    server.close()
  }
})
