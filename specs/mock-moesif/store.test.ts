import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { post, sampleEvent, send, withUri } from './sample.ts'

const ids = ({ items }: { items: { id: number }[] }) => items.map(({ id }) => id)

async function databaseFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mock-moesif-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'events.db')
}

test('drops the oldest events beyond max-events and counts them', async () => {
  await using moesif = await startMockMoesif({ maxEvents: 5 })
  const app = moesif.application('app')
  for (const start of [0, 3, 6])
    await send(
      moesif.url,
      [0, 1, 2].map((index) => withUri(`https://a.b/${start + index}`)),
    )

  const events = await app.events()

  expect(events.map(({ uri }) => uri)).toEqual(
    [4, 5, 6, 7, 8].map((index) => `https://a.b/${index}`),
  )
  expect(events[0]!.event.request.uri).toBe('https://a.b/4')
  expect(await app.counts()).toMatchObject({ events: 5, received: 9, evicted: 4 })
  expect(await app.batches()).toHaveLength(2)
})

test('drops the oldest batches beyond max-bytes', async () => {
  const batch = [sampleEvent(), sampleEvent()]
  const bytes = JSON.stringify(batch).length
  await using moesif = await startMockMoesif({ maxBytes: bytes * 3 })
  for (let count = 0; count < 5; count++) await send(moesif.url, batch)

  const counts = await moesif.application('app').counts()

  expect(counts).toMatchObject({ events: 6, received: 10, evicted: 4 })
  expect(await moesif.application('app').batches()).toHaveLength(3)
})

test('takes an event as first again when the first was dropped', async () => {
  await using moesif = await startMockMoesif({ maxEvents: 1 })
  const event = sampleEvent()
  await send(moesif.url, [event])
  await send(moesif.url, [sampleEvent()])
  await send(moesif.url, [event])

  expect(await moesif.application('app').summaries()).toMatchObject([{ duplicateOf: null }])
})

test('keeps everything in the file it is given', async () => {
  const db = await databaseFile()
  const event = sampleEvent()
  {
    await using moesif = await startMockMoesif({ db })
    await send(moesif.url, [event, sampleEvent()])
    await moesif.application('app').config.patch({ sample_rate: 7 })
  }

  await using moesif = await startMockMoesif({ db })
  const app = moesif.application('app')
  await send(moesif.url, [event])

  expect((await app.events()).map((record) => record.duplicateOf)).toEqual([null, null, 1])
  expect(await app.counts()).toMatchObject({ received: 3, duplicates: 1 })
  expect(await app.config.get()).toMatchObject({ sample_rate: 7 })
})

test('has what it answered 201 to after a kill -9', async () => {
  const db = await databaseFile()
  const cli = fileURLToPath(new URL('../../sandbox/mock/cli.ts', import.meta.url))
  const mock = spawn(process.execPath, [cli, '--port', '0', '--db', db], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(mock.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(line.toString())![0]
  const answered: string[] = []
  const killed = once(mock, 'exit')
  const sending = (async () => {
    for (;;) {
      const event = sampleEvent()
      await send(url, [event])
      answered.push(event.transaction_id!)
      if (answered.length === 20) mock.kill('SIGKILL')
    }
  })()
  await expect(sending).rejects.toThrow()
  await killed

  await using moesif = await startMockMoesif({ db })
  const held = new Set(
    (await moesif.application('app').summaries()).map((event) => event.transactionId),
  )

  expect(answered.filter((id) => !held.has(id))).toEqual([])
})

test('says what to do about a file that is no database of its own', async () => {
  const db = await databaseFile()
  await writeFile(db, 'this is a text file, and a rather long one, so that SQLite looks at it')

  await expect(startMockMoesif({ db })).rejects.toThrow(
    /Can't open the database .*is it a file of the mock/,
  )
})

test('pages in both directions', async () => {
  await using moesif = await startMockMoesif()
  await send(
    moesif.url,
    Array.from({ length: 7 }, () => sampleEvent()),
  )
  const page = async (search: string) =>
    (await fetch(`${moesif.url}/_mock/events?limit=3&${search}`).then((response) =>
      response.json(),
    )) as {
      items: { id: number }[]
      total: number
      next: number | null
    }
  const newest = await page('')
  const older = await page(`before=${newest.next}`)
  const last = await page(`before=${older.next}&filter=user:*`)

  expect([ids(newest), ids(older), ids(last)]).toEqual([[7, 6, 5], [4, 3, 2], [1]])
  expect([newest.total, last.total, last.next]).toEqual([7, 7, null])
  expect(ids(await page('after=5'))).toEqual([6, 7])
})

// By column, and by looking into each event.
test.each(['user:*', 'body:"42"'])(
  'an uncounted page of %s has the same rows and no total',
  async (filter) => {
    await using moesif = await startMockMoesif()
    const event = sampleEvent()
    event.request.body = { answer: 42 }
    await send(
      moesif.url,
      Array.from({ length: 9 }, () => event),
    )
    const page = async (search: string) =>
      (await fetch(
        `${moesif.url}/_mock/events?${new URLSearchParams(`filter=${filter}&limit=3&${search}`)}`,
      ).then((response) => response.json())) as { items: { id: number }[]; total: number | null }

    for (const search of ['', 'before=7', 'before=3', 'after=2', 'after=7', 'after=9']) {
      const counted = await page(search)
      expect(await page(`${search}&uncounted`)).toEqual({ ...counted, total: null })
      expect(counted.total).toBe(9)
    }
  },
)

test('drops the oldest users beyond its share of the bytes', async () => {
  await using moesif = await startMockMoesif({ maxBytes: 40_000 })
  for (let user = 0; user < 30; user++) {
    const response = await post(`${moesif.url}/v1/users`, {
      user_id: `u${user}`,
      metadata: { text: 'x'.repeat(1000) },
    })
    expect(response.status).toBe(201)
  }
  const users = (await fetch(`${moesif.url}/_mock/entities?kind=users`).then((response) =>
    response.json(),
  )) as {
    document: { user_id: string }
  }[]

  const kept = users.map(({ document }) => document.user_id)
  expect(kept).toEqual(kept.map((_, index) => `u${29 - index}`))
  expect(kept.length).toBeGreaterThan(1)
  expect(kept.length).toBeLessThanOrEqual(10)
})

test('cuts the values of huge headers in its record', async () => {
  await using moesif = await startMockMoesif()
  await post(`${moesif.url}/v1/events`, sampleEvent(), {
    headers: { 'x-long': 'x'.repeat(30_000), 'x-short': 'y' },
  })
  const [request] = await moesif.application('app').requests()

  expect(request!.headers['x-long']).toMatch(/^x{500}… \(30000 characters\)$/)
  expect(request!.headers['x-short']).toBe('y')
})
