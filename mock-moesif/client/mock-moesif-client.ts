import type { Application } from '../contract/applications.ts'
import type { QueryOf } from '../contract/index.ts'
import type { Forward, ForwardSpec } from '../model/forward.ts'
import type { GatewayLog } from '../model/gateway-log.ts'
import type { CounterSample, Gateway, GatewaySpec } from '../model/gateway.ts'
import type { RequestToSend, SentRequest } from '../model/sent-request.ts'
import type { Page } from '../model/page.ts'
import { EVERYONE } from '../model/application.ts'
import type { Aggregate } from '../model/aggregate.ts'
import type { BatchRecord, BatchSummary, RequestRecord, RequestSummary } from '../model/arrival.ts'
import type { Entity } from '../model/entity.ts'
import type { Counts } from '../model/counts.ts'
import type { EventRecord, EventSummary } from '../model/event.ts'
import type { Fault, FaultSpec } from '../model/fault.ts'
import type { TryAnswer, TrySpec } from '../model/try-it.ts'
import { ApplicationClient } from './application-client.ts'
import { call, send, withQuery } from './call.ts'
import { ConfigClient, RulesClient } from './documents.ts'
import { overHttp, type Transport } from './transport.ts'

interface Abortable {
  signal?: AbortSignal | undefined
}

/** A client of a running mock Moesif, in this process or any other. Every call rejects with `MockMoesifError` when the mock answers
 * with an error, or (status 0) cannot be reached. */
export class MockMoesifClient {
  readonly url: string
  /** The config document of every application that has none of its own. */
  readonly config: ConfigClient
  /** The rules of every application that has none of its own. */
  readonly rules: RulesClient
  readonly #transport: Transport

  /**
   * @param url where the mock listens, e.g. `http://localhost:9000`
   * @param transport how to call it, when not by HTTP
   */
  constructor(url: string, transport?: Transport) {
    this.url = url.replace(/\/$/, '')
    this.#transport = transport ?? overHttp(this.url)
    this.config = new ConfigClient(this.#transport)
    this.rules = new RulesClient(this.#transport)
  }

  /** One application's part of the mock, separate from all others. */
  application(id: string): ApplicationClient {
    return new ApplicationClient(this.#transport, id)
  }

  /** The applications seen, with their counts. */
  async applications(): Promise<Application[]> {
    return call(this.#transport, 'GET /_mock/applications', {})
  }

  /** Counts of all applications together. */
  async counts(): Promise<Counts> {
    return call(this.#transport, 'GET /_mock/counts', {})
  }

  /** A page of the events of all applications, newest first. */
  async eventPage(
    query: QueryOf<'GET /_mock/events'> = {},
    { signal }: Abortable = {},
  ): Promise<Page<EventSummary>> {
    return call(this.#transport, 'GET /_mock/events', { query, signal })
  }

  /** How many events of all applications match. */
  async eventCount(
    query: QueryOf<'GET /_mock/events/count'> = {},
    { signal }: Abortable = {},
  ): Promise<number> {
    const { count } = await call(this.#transport, 'GET /_mock/events/count', { query, signal })
    return count
  }

  /** The value of a field of the query language in each of these events (500 ids at most), null where an event has none. */
  async eventValues(
    field: string,
    ids: readonly number[],
    { signal }: Abortable = {},
  ): Promise<(string | null)[]> {
    const query = { field, ids: ids.join(',') }
    return (await call(this.#transport, 'GET /_mock/events/values', { query, signal })).values
  }

  async event(id: number, { signal }: Abortable = {}): Promise<EventRecord> {
    return call(this.#transport, 'GET /_mock/events/{id}', { path: { id }, signal })
  }

  /**
   * Sums over the events of all applications that match, in groups and over time.
   *
   * @example moesif.aggregate({ by: 'user', filter: 'status:>=500', intervals: 60, split: 'status' })
   */
  async aggregate(
    query: QueryOf<'GET /_mock/events/aggregate'> = {},
    { signal }: Abortable = {},
  ): Promise<Aggregate> {
    return call(this.#transport, 'GET /_mock/events/aggregate', { query, signal })
  }

  /** Users, companies, subscriptions and actions that were posted, newest first. */
  async entities(query: QueryOf<'GET /_mock/entities'> = {}): Promise<Entity[]> {
    return call(this.#transport, 'GET /_mock/entities', { query })
  }

  /** Runs a call through the plugin, with the current documents of an application, or those of all. */
  async tryIt(spec: TrySpec, app?: string): Promise<TryAnswer> {
    return call(this.#transport, 'POST /_mock/try', { query: { app }, body: spec })
  }

  /** A page of the batches of all applications, newest first. */
  async batchPage(
    query: QueryOf<'GET /_mock/batches'> = {},
    { signal }: Abortable = {},
  ): Promise<Page<BatchSummary>> {
    return call(this.#transport, 'GET /_mock/batches', { query, signal })
  }

  /** A page of the requests to the collector, newest first. */
  async requestPage(query: QueryOf<'GET /_mock/requests'> = {}): Promise<Page<RequestSummary>> {
    return call(this.#transport, 'GET /_mock/requests', { query })
  }

  /** A batch, and what it was answered when it was refused. */
  async batch(id: number, { signal }: Abortable = {}): Promise<BatchRecord> {
    return call(this.#transport, 'GET /_mock/batches/{id}', { path: { id }, signal })
  }

  /** A request, and what it was answered when it was refused. */
  async request(id: number, { signal }: Abortable = {}): Promise<RequestRecord> {
    return call(this.#transport, 'GET /_mock/requests/{id}', { path: { id }, signal })
  }

  /** The URL of an event, byte for byte as received. */
  rawEventUrl(id: number): string {
    return `${this.url}/_mock/events/${id}/raw`
  }

  /** The URL of the decoded body of a batch. */
  rawBatchUrl(id: number): string {
    return `${this.url}/_mock/batches/${id}/raw`
  }

  /** The text of an event, byte for byte as received. */
  async rawEvent(id: number, { signal }: Abortable = {}): Promise<string> {
    const { text } = await send(this.#transport, 'GET /_mock/events/{id}/raw', {
      path: { id },
      signal,
    })
    return text
  }

  /** The decoded body of a batch. */
  rawBatch(id: number, options: Abortable = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes('GET /_mock/batches/{id}/raw', id, options)
  }

  /** The body of a batch as it was sent: compressed, if it was. */
  sentBatch(id: number, options: Abortable = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes('GET /_mock/batches/{id}/sent', id, options)
  }

  /** The body of a request that was refused and brought no batch, or the first 64 KiB of it: decoded as far as it can be. */
  rawRequest(id: number, options: Abortable = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes('GET /_mock/requests/{id}/raw', id, options)
  }

  /** The same as it was sent. */
  sentRequest(id: number, options: Abortable = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes('GET /_mock/requests/{id}/sent', id, options)
  }

  async #bytes(
    name: `GET /_mock/${'batches' | 'requests'}/{id}/${'raw' | 'sent'}`,
    id: number,
    { signal }: Abortable,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { bytes } = await send(this.#transport, name, { path: { id }, binary: true, signal })
    return bytes ?? new Uint8Array()
  }

  /** The URL of the stream of what arrives, for an `EventSource`. */
  streamUrl(query: QueryOf<'GET /_mock/events/stream'> = {}): string {
    return this.url + withQuery('/_mock/events/stream', query)
  }

  /** The URL of a download of all events that match. */
  exportUrl(query: QueryOf<'GET /_mock/events/export'> = {}): string {
    return this.url + withQuery('/_mock/events/export', query)
  }

  /** Imports what an export gave: each event goes to the application it came from. Resolves with the number of events. */
  async import(text: string | Blob): Promise<number> {
    const { imported } = await call(this.#transport, 'POST /_mock/events/import', { body: text })
    return imported
  }

  /** Faults that hold for every application; `application(id).faults` has those of one. */
  readonly faults = {
    add: (spec: FaultSpec): Promise<Fault> =>
      call(this.#transport, 'POST /_mock/faults', { body: spec }),
    list: (): Promise<Fault[]> =>
      call(this.#transport, 'GET /_mock/faults', { query: { app: EVERYONE } }),
    remove: (id: number): Promise<void> =>
      call(this.#transport, 'DELETE /_mock/faults/{id}', { path: { id } }),
    clear: (): Promise<void> =>
      call(this.#transport, 'DELETE /_mock/faults', { query: { app: EVERYONE } }),
    /** Also removes the faults of single applications. */
    clearAll: (): Promise<void> => call(this.#transport, 'DELETE /_mock/faults', {}),
  }

  /** Forwarding of stored batches to other collectors. */
  readonly forwards = {
    list: (): Promise<Forward[]> => call(this.#transport, 'GET /_mock/forward', {}),
    /** @param app the application whose batches are forwarded; by default all that have no forwarding of their own */
    set: (spec: ForwardSpec, app?: string): Promise<Forward> =>
      call(this.#transport, 'PUT /_mock/forward', { query: { app }, body: spec }),
    stop: (app?: string): Promise<void> =>
      call(this.#transport, 'DELETE /_mock/forward', { query: { app } }),
  }

  /** The plugin's counters of the last hour, every 5 s, oldest first. */
  async gatewayHistory(): Promise<CounterSample[]> {
    return call(this.#transport, 'GET /_mock/gateway/history', {})
  }

  /** The gateway in front, and its current counters; null when none is configured. */
  async gateway(): Promise<Gateway | null> {
    return call(this.#transport, 'GET /_mock/gateway', {})
  }

  async setGateway(spec: GatewaySpec): Promise<void> {
    await call(this.#transport, 'PUT /_mock/gateway', { body: spec })
  }

  /** The end of Envoy's log: all lines that are kept, or those after line number `after`. */
  async gatewayLog(
    query: QueryOf<'GET /_mock/gateway/log'> = {},
    { signal }: Abortable = {},
  ): Promise<GatewayLog> {
    return call(this.#transport, 'GET /_mock/gateway/log', { query, signal })
  }

  /** Adds lines of Envoy's log, which the dashboard shows. */
  async addToGatewayLog(lines: string[]): Promise<void> {
    await call(this.#transport, 'POST /_mock/gateway/log', { body: { lines } })
  }

  /** The first event of any application that matches, stored or still to come; null when none came in `timeoutMs`. */
  async nextEvent(
    filter: string,
    timeoutMs: number,
    { signal }: Abortable = {},
  ): Promise<EventRecord | null> {
    const { events } = await call(this.#transport, 'GET /_mock/events/await', {
      query: { filter, count: 1, timeout: timeoutMs },
      accept: [422],
      signal,
    })
    return events[0] ?? null
  }

  /** Sends a request through the gateway in front, and resolves with what it answered. */
  async sendThroughGateway(request: RequestToSend): Promise<SentRequest> {
    return call(this.#transport, 'POST /_mock/gateway/requests', { body: request })
  }

  /** Deletes the events, batches and requests of all applications. Tests that run in parallel reset their own application instead. */
  async resetAll(): Promise<void> {
    await call(this.#transport, 'DELETE /_mock/events', {})
  }
}
