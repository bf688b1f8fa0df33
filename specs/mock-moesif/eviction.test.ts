import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ArrivedBatch, ArrivedEvent, ArrivedRequest } from '#mock-moesif/store/arrived.ts'
import { EventStore } from '#mock-moesif/store/event-store.ts'

const APPS = ['a', 'b'] as const

const arrivedEvent = (transactionId: string | null): ArrivedEvent => ({
  time: null,
  verb: 'GET',
  uri: '/',
  status: 200,
  durationMs: 1,
  userId: null,
  companyId: null,
  direction: null,
  weight: 1,
  blockedBy: null,
  route: '/',
  transactionId,
  size: 7,
  verdict: 'good',
  offset: 0,
  findings: [],
})

interface Arrival {
  app: string
  bytes: number
  transactions: (string | null)[]
}

function arrived({ app, bytes, transactions }: Arrival): [ArrivedRequest, ArrivedBatch] {
  return [
    {
      receivedAt: 1,
      applicationId: app,
      method: 'POST',
      path: '/v1/events/batch',
      headers: {},
      wireBytes: bytes,
      answer: 201,
      fault: null,
      durationMs: 1,
      bodyKept: null,
    },
    {
      applicationId: app,
      encoding: 'identity',
      body: new Uint8Array(bytes),
      eventCount: transactions.length,
      firstTransactionId: transactions[0] ?? null,
      events: transactions.map(arrivedEvent),
    },
  ]
}

/** What the store is to hold, in the plainest way. */
class PlainStore {
  batches: { app: string; bytes: number; events: { id: number; transaction: string | null }[] }[] =
    []
  readonly #first = new Map<string, number>()
  readonly #maxEvents: number
  readonly #maxBytes: number
  readonly counts: Record<string, { received: number; unique: number; evicted: number }> = {}
  #lastId = 0

  constructor(maxEvents: number, maxBytes: number) {
    this.#maxEvents = maxEvents
    this.#maxBytes = maxBytes
    this.clear()
  }

  /** Returns what each event is a duplicate of. */
  add({ app, bytes, transactions }: Arrival): (number | null)[] {
    const counts = this.counts[app]!
    const events = transactions.map((transaction) => ({ id: ++this.#lastId, transaction }))
    const first = events.map(({ id, transaction }) => {
      counts.received++
      const known = this.#first.get(`${app} ${transaction}`)
      if (known !== undefined && transaction !== null) return known
      counts.unique++
      if (transaction !== null) this.#first.set(`${app} ${transaction}`, id)
      return null
    })
    this.batches.push({ app, bytes, events })
    if (this.ids.length > this.#maxEvents) {
      while (this.ids.length > this.#maxEvents) this.#dropOldestEvent()
      while (this.batches[0]!.events.length === 0) this.batches.shift()
    }
    while (
      sum(this.batches.map((batch) => batch.bytes)) > this.#maxBytes &&
      this.batches.length > 1
    ) {
      while (this.batches[0]!.events.length > 0) this.#dropOldestEvent()
      this.batches.shift()
    }
    return first
  }

  #dropOldestEvent(): void {
    const { app, events } = this.batches.find((batch) => batch.events.length > 0)!
    const { id, transaction } = events.shift()!
    this.counts[app]!.evicted++
    if (this.#first.get(`${app} ${transaction}`) === id) this.#first.delete(`${app} ${transaction}`)
  }

  clear(app?: string): void {
    this.batches = this.batches.filter((batch) => app !== undefined && batch.app !== app)
    for (const one of APPS.filter((id) => app === undefined || id === app)) {
      this.counts[one] = { received: 0, unique: 0, evicted: 0 }
      for (const key of this.#first.keys()) if (key.startsWith(`${one} `)) this.#first.delete(key)
    }
  }

  get ids(): number[] {
    return this.batches.flatMap(({ events }) => events.map(({ id }) => id))
  }
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      app: fc.constantFrom(...APPS),
      bytes: fc.integer({ min: 1, max: 10 }),
      transactions: fc.array(fc.constantFrom(null, 't1', 't2', 't3'), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ clear: fc.constantFrom('a', 'b', undefined) }) },
)

test('holds the newest within its bounds, and counts what it held', () => {
  const bounds = fc.record({
    maxEvents: fc.integer({ min: 1, max: 8 }),
    maxBytes: fc.integer({ min: 5, max: 40 }),
  })
  fc.assert(
    fc.property(bounds, fc.array(step, { maxLength: 25 }), ({ maxEvents, maxBytes }, steps) => {
      const store = new EventStore({ maxEvents, maxBytes })
      const plain = new PlainStore(maxEvents, maxBytes)
      for (const one of steps) {
        if ('clear' in one) {
          store.clear(one.clear ?? null)
          plain.clear(one.clear)
        } else {
          const stored = store.record(...arrived(one))
          const first = plain.add(one)
          expect(stored.events.map(({ duplicateOf }) => duplicateOf)).toEqual(first)
        }
        expect(held(store)).toEqual({ ids: plain.ids, batches: plain.batches.length })
        for (const app of APPS) {
          const events = plain.batches
            .filter((batch) => batch.app === app)
            .flatMap((batch) => batch.events)
          expect(store.counts(app)).toMatchObject({
            ...plain.counts[app]!,
            events: events.length,
            bytes: events.length * 7,
          })
        }
        expect(store.counts().events).toBe(plain.ids.length)
      }
      store.close()
    }),
    { numRuns: 150 },
  )
})

function held({ database }: EventStore) {
  return {
    ids: database
      .prepare('SELECT id FROM events ORDER BY id')
      .all()
      .map((row) => row['id']),
    batches: database.prepare('SELECT count(*) AS n FROM batches').get()!['n'],
  }
}
