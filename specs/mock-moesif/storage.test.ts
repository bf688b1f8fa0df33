import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { EventStore } from '#mock-moesif/store/event-store.ts'
import { moesifHandlers, startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

async function databaseFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mock-moesif-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'events.db')
}

/** The store of a mock, to make its database fail. */
async function startWithStore(db: string) {
  const stores: EventStore[] = []
  const original = EventStore.prototype.onChange
  const spy = vi.spyOn(EventStore.prototype, 'onChange').mockImplementation(function (
    this: EventStore,
    listener,
  ) {
    stores.push(this)
    return original.call(this, listener)
  })
  const moesif = await startMockMoesif({ db })
  spy.mockRestore()
  return { moesif, store: stores[0]! }
}

test('answers 503 with the reason while the disk is full, and counts nothing that is not stored', async () => {
  const { moesif, store } = await startWithStore(await databaseFile())
  onTestFinished(() => moesif.stop())
  const app = moesif.application('app')
  await send(moesif.url, [sampleEvent()])
  const pages = store.database.prepare('PRAGMA page_count').get()!['page_count'] as number
  store.database.exec(`PRAGMA max_page_count = ${pages}`)
  const batch = Array.from({ length: 200 }, () => sampleEvent())

  const refused = await post(`${moesif.url}/v1/events/batch`, batch)

  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.json()).toEqual({
    error: "The mock can't use its database: database or disk is full",
  })
  expect((await fetch(`${moesif.url}/health/probe`)).status).toBe(200)
  expect(await app.counts()).toMatchObject({ events: 1, received: 1, unique: 1, batches: 1 })
  expect(moesif.storeCounts.requests).toBeLessThanOrEqual(2)

  store.database.exec('PRAGMA max_page_count = 1073741823')
  await send(moesif.url, batch)
  expect(await app.counts()).toMatchObject({ events: 201, received: 201, duplicates: 0 })
  expect(await app.count({ where: 'duplicate:true' })).toBe(0)
  const [first, second] = await app.batches()
  expect([first!.retryOf, second!.retryOf]).toEqual([null, null])
  expect(second!.firstEventId).toBe(first!.lastEventId! + 1)
})

test('a listener that throws costs nobody an event', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => warned.mockRestore())
  const { moesif, store } = await startWithStore(await databaseFile())
  onTestFinished(() => moesif.stop())
  store.onChange(() => {
    throw new Error('a reader is broken')
  })

  await send(moesif.url, [sampleEvent()])

  expect(await moesif.application('app').counts()).toMatchObject({ events: 1, batches: 1 })
  expect(warned).toHaveBeenCalledOnce()
})

test('a second mock on the same file refuses to start, and the first goes on', async () => {
  const db = await databaseFile()
  await using moesif = await startMockMoesif({ db })

  await expect(startMockMoesif({ db })).rejects.toThrow(
    /database is locked. Does another mock use it\?/,
  )
  await send(moesif.url, [sampleEvent()])
})

test('waits and times out by real timers while a spec fakes its own', async () => {
  await using moesif = moesifHandlers()
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())

  const answer = await moesif.application('app').tryAwaitEvents({ timeout: 20 })

  expect(answer).toMatchObject({ met: false, count: 0 })
})

test('takes over a database whose batches have no bytes as sent yet, nor refused requests a body or an answer', async () => {
  const db = await databaseFile()
  {
    await using moesif = await startMockMoesif({ db })
    await send(moesif.url, [sampleEvent()])
  }
  {
    using database = new DatabaseSync(db)
    database.exec(`
      DROP INDEX refused_requests;
      ALTER TABLE requests DROP COLUMN answered;
      ALTER TABLE requests DROP COLUMN body;
      ALTER TABLE requests DROP COLUMN body_kept;
      ALTER TABLE batches DROP COLUMN wire;
      PRAGMA user_version = 2
    `)
  }
  await using again = await startMockMoesif({ db })

  expect(await again.sentBatch(1)).toEqual(await again.rawBatch(1))
  expect(await again.application('app').count()).toBe(1)
  await post(`${again.url}/v1/events`, 'x', { app: null })
  expect(await again.request(2)).toMatchObject({
    bodyKept: 'whole',
    answered: { problems: [] },
  })
  expect(await again.request(1)).toMatchObject({ bodyKept: null })
})
