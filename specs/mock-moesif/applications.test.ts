import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

test('keeps applications apart in every read and reset', async () => {
  await using moesif = await startMockMoesif()
  const one = moesif.application('one')
  const two = moesif.application('two')
  await send(moesif.url, [sampleEvent(), sampleEvent()], 'one')
  await send(moesif.url, [sampleEvent()], 'two')
  await one.faults.add({ status: 503 })
  await one.config.patch({ sample_rate: 10 })

  expect(await one.count()).toBe(2)
  expect(await two.events()).toHaveLength(1)
  expect(await two.batches()).toHaveLength(1)
  expect(await two.requests()).toHaveLength(1)
  expect(await two.faults.list()).toEqual([])
  expect((await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'two' })).status).toBe(201)
  expect((await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'one' })).status).toBe(503)
  expect(await two.config.get()).toMatchObject({ sample_rate: 100 })

  await one.reset()

  expect(await one.counts()).toMatchObject({ events: 0, received: 0, batches: 0, requests: 0 })
  expect(await one.faults.list()).toEqual([])
  expect(await one.config.get()).toMatchObject({ sample_rate: 100 })
  expect(await two.counts()).toMatchObject({ events: 2 })
  expect((await moesif.applications()).map(({ applicationId }) => applicationId)).toEqual(['two'])
})

test('finds duplicates within an application, not across', async () => {
  await using moesif = await startMockMoesif()
  const event = sampleEvent()
  await send(moesif.url, [event], 'one')
  await send(moesif.url, [event], 'two')
  await send(moesif.url, [event, sampleEvent()], 'one')

  const [first, second, third] = await moesif.application('one').summaries()

  expect([first!.duplicateOf, second!.duplicateOf, third!.duplicateOf]).toEqual([
    null,
    first!.id,
    null,
  ])
  expect(await moesif.application('one').counts()).toMatchObject({
    received: 3,
    unique: 2,
    duplicates: 1,
  })
  expect(await moesif.application('two').counts()).toMatchObject({ duplicates: 0 })
  const [, retry] = await moesif.application('one').batches()
  expect(retry!.retryOf).toBe(first!.batchId)
})

test('can be closed to all but given applications', async () => {
  await using moesif = await startMockMoesif({ appIds: ['mine'] })
  const stranger = await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'other' })
  const mine = await post(`${moesif.url}/v1/events`, sampleEvent(), { app: 'mine' })

  expect([stranger.status, mine.status]).toEqual([401, 201])
})
