import type { AwaitAnswer } from '../contract/events.ts'
import type { QueryOf } from '../contract/index.ts'
import type { VerifyAnswer, VerifySpec } from '../contract/verify.ts'
import type { Aggregate } from '../model/aggregate.ts'
import type { BatchSummary, RequestSummary } from '../model/arrival.ts'
import type { Counts } from '../model/counts.ts'
import type { EventRecord, EventSummary } from '../model/event.ts'
import type { Fault, FaultSpec } from '../model/fault.ts'
import type { MoesifEvent } from '../model/moesif-event.ts'
import type { TypeChange } from '../model/type-change.ts'
import type { TryAnswer, TrySpec } from '../model/try-it.ts'
import { allPages } from './all-pages.ts'
import type { AwaitOptions } from './await-options.ts'
import { call } from './call.ts'
import { ConfigClient, RulesClient } from './documents.ts'
import type { Transport } from './transport.ts'
import { UnmetExpectation } from './unmet-expectation.ts'

/** A stored event. `event` has the type that Moesif documents; of a bad event it may be any JSON. */
export type CapturedEvent = EventRecord & { event: MoesifEvent }

/** One application's part of the mock. Every call rejects with `MockMoesifError` when the mock answers with an error or not at all. */
export class ApplicationClient {
  readonly id: string
  readonly #transport: Transport
  /** The config document of this application. */
  readonly config: ConfigClient
  /** The governance rules of this application. */
  readonly rules: RulesClient

  constructor(transport: Transport, id: string) {
    this.#transport = transport
    this.id = id
    this.config = new ConfigClient(transport, id)
    this.rules = new RulesClient(transport, id)
  }

  /**
   * Waits until events match; events that are stored already count.
   *
   * @returns the first `count` events that match, oldest first
   * @throws UnmetExpectation at the timeout; its message shows what came instead
   */
  async awaitEvents(options: AwaitOptions = {}): Promise<CapturedEvent[]> {
    const answer = await this.tryAwaitEvents(options)
    if (!answer.met) throw new UnmetExpectation(this.id, options, answer)
    return answer.events as CapturedEvent[]
  }

  /** As `awaitEvents`, but resolves with `met: false` where that one throws. */
  async tryAwaitEvents({
    count,
    where,
    timeout,
    exactly,
  }: AwaitOptions = {}): Promise<AwaitAnswer> {
    const query = { app: this.id, count, filter: where, timeout, exactly }
    return call(this.#transport, 'GET /_mock/events/await', { query, accept: [422] })
  }

  /** All stored events that match the query `where`, oldest first, with their contents. */
  async events({ where }: { where?: string } = {}): Promise<CapturedEvent[]> {
    const query = { app: this.id, filter: where, format: 'ndjson' as const }
    const text = (await call(this.#transport, 'GET /_mock/events/export', { query })) as string
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CapturedEvent)
  }

  /** @throws MockMoesifError with status 404 when no event has that id */
  async event(id: number): Promise<CapturedEvent> {
    const record = await call(this.#transport, 'GET /_mock/events/{id}', { path: { id } })
    return record as CapturedEvent
  }

  /** Summaries (no bodies, no headers) of all stored events that match, oldest first. */
  async summaries({ where }: { where?: string } = {}): Promise<EventSummary[]> {
    return allPages((paging) =>
      call(this.#transport, 'GET /_mock/events', {
        query: { ...paging, app: this.id, filter: where },
      }),
    )
  }

  /** The number of stored events that match. */
  async count({ where }: { where?: string } = {}): Promise<number> {
    const query = { app: this.id, filter: where }
    const { count } = await call(this.#transport, 'GET /_mock/events/count', { query })
    return count
  }

  /**
   * Sums over events that match, in groups and over time: counts, errors, durations in ms, bytes.
   *
   * @example const { groups } = await app.aggregate({ by: 'route', where: 'status:5xx', sort: 'durationP99' })
   */
  async aggregate({
    where,
    ...wanted
  }: Omit<QueryOf<'GET /_mock/events/aggregate'>, 'app' | 'filter'> & {
    where?: string
  } = {}): Promise<Aggregate> {
    const query = { ...wanted, app: this.id, filter: where }
    return call(this.#transport, 'GET /_mock/events/aggregate', { query })
  }

  /** All batches, oldest first. */
  async batches(): Promise<BatchSummary[]> {
    return allPages((paging) =>
      call(this.#transport, 'GET /_mock/batches', { query: { ...paging, app: this.id } }),
    )
  }

  /** All requests to the collector, oldest first. */
  async requests(): Promise<RequestSummary[]> {
    return allPages((paging) =>
      call(this.#transport, 'GET /_mock/requests', { query: { ...paging, app: this.id } }),
    )
  }

  /** Counts since the last reset. */
  async counts(): Promise<Counts> {
    return call(this.#transport, 'GET /_mock/counts', { query: { app: this.id } })
  }

  /** Members of metadata and bodies that had more than one type, which Moesif's index does not accept. */
  async typeChanges(): Promise<TypeChange[]> {
    return call(this.#transport, 'GET /_mock/type-changes', { query: { app: this.id } })
  }

  /** Checks a count or an order at once; `met` is the result, and an unmet check does not reject. */
  async verify(spec: Omit<VerifySpec, 'applicationId'>): Promise<VerifyAnswer> {
    const body = { ...spec, applicationId: this.id }
    return call(this.#transport, 'POST /_mock/verify', { body, accept: [422] })
  }

  /**
   * Runs a call through the plugin, with the current documents of this application.
   *
   * @example const { blockedBy } = await app.tryIt({ uri: 'https://api.example.com/orders', userId: 'u1' })
   */
  async tryIt(spec: TrySpec): Promise<TryAnswer> {
    return call(this.#transport, 'POST /_mock/try', { query: { app: this.id }, body: spec })
  }

  /** Deletes everything of this application: events, batches, requests, faults, documents. */
  async reset(): Promise<void> {
    await call(this.#transport, 'DELETE /_mock/applications/{id}', { path: { id: this.id } })
  }

  /** All stored events: as text for `ndjson`, parsed for `json` and `har`. */
  async export(format: 'ndjson' | 'json' | 'har' = 'ndjson'): Promise<unknown> {
    return call(this.#transport, 'GET /_mock/events/export', {
      query: { app: this.id, format },
    })
  }

  /** Imports what `export` gave, or bare events (NDJSON or a JSON array). Resolves with the number of events. */
  async import(text: string | Blob): Promise<number> {
    const { imported } = await call(this.#transport, 'POST /_mock/events/import', {
      query: { app: this.id },
      body: text,
    })
    return imported
  }

  /** Faults for requests of this application only. */
  readonly faults = {
    add: (spec: Omit<FaultSpec, 'applicationId'>): Promise<Fault> =>
      call(this.#transport, 'POST /_mock/faults', {
        body: { ...spec, applicationId: this.id },
      }),
    list: (): Promise<Fault[]> =>
      call(this.#transport, 'GET /_mock/faults', { query: { app: this.id } }),
    remove: (id: number): Promise<void> =>
      call(this.#transport, 'DELETE /_mock/faults/{id}', { path: { id } }),
    clear: (): Promise<void> =>
      call(this.#transport, 'DELETE /_mock/faults', { query: { app: this.id } }),
  }
}
