import { call, type Transport } from './call.ts'
import type { MoesifEvent } from './moesif-event.ts'
import type {
  AwaitAnswer,
  BatchSummary,
  Counts,
  EventRecord,
  EventSummary,
  Fault,
  FaultSpec,
  Page,
  RequestSummary,
  VerifyAnswer,
  VerifySpec,
} from './types.ts'
import { UnmetExpectation } from './unmet-expectation.ts'

/** An event with its record. `event` is typed as Moesif documents it; a bad one may be anything. */
export type CapturedEvent = EventRecord & { event: MoesifEvent }

export interface AwaitOptions {
  /** How many events must match, 1 by default. */
  count?: number
  /** Query, e.g. `status:>=500 user:u1`; any event without. */
  where?: string
  /** Milliseconds, 5000 by default. */
  timeout?: number
  /** Fail when more than `count` come, too. */
  exactly?: boolean
}

/** Of one answer; `events()`, `batches()` and `requests()` page on by themselves. */
const PAGE = 1000

export class ApplicationClient {
  readonly id: string
  readonly #transport: Transport

  constructor(transport: Transport, id: string) {
    this.#transport = transport
    this.id = id
  }

  /**
   * Waits until events match; those that came before count.
   * @throws UnmetExpectation when the time is up: it shows what came instead.
   */
  async awaitEvents(options: AwaitOptions = {}): Promise<CapturedEvent[]> {
    const answer = await this.tryAwaitEvents(options)
    if (!answer.met) throw new UnmetExpectation(this.id, options, answer)
    return answer.events as CapturedEvent[]
  }

  /** As `awaitEvents`, but tells instead of throwing. */
  async tryAwaitEvents({
    count,
    where,
    timeout,
    exactly,
  }: AwaitOptions = {}): Promise<AwaitAnswer> {
    const search = { app: this.id, count, filter: where, timeout, exactly }
    return call(this.#transport, 'GET', '/_mock/events/await', { search, accept: [422] })
  }

  /** All events held, oldest first, with their contents. */
  async events({ where }: { where?: string } = {}): Promise<CapturedEvent[]> {
    const text = await call<string>(this.#transport, 'GET', '/_mock/events/export', {
      search: { app: this.id, filter: where, format: 'ndjson' },
    })
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CapturedEvent)
  }

  async event(id: number): Promise<CapturedEvent> {
    return call(this.#transport, 'GET', `/_mock/events/${id}`)
  }

  /** All summaries, oldest first. */
  async summaries({ where }: { where?: string } = {}): Promise<EventSummary[]> {
    return this.#all('/_mock/events', { filter: where })
  }

  async count({ where }: { where?: string } = {}): Promise<number> {
    const search = { app: this.id, filter: where }
    const { count } = await call<{ count: number }>(this.#transport, 'GET', '/_mock/events/count', {
      search,
    })
    return count
  }

  /** All batches, oldest first. */
  async batches(): Promise<BatchSummary[]> {
    return this.#all('/_mock/batches')
  }

  /** All requests to the collector, oldest first. */
  async requests(): Promise<RequestSummary[]> {
    return this.#all('/_mock/requests')
  }

  async counts(): Promise<Counts> {
    return call(this.#transport, 'GET', '/_mock/counts', { search: { app: this.id } })
  }

  async verify(spec: Omit<VerifySpec, 'applicationId'>): Promise<VerifyAnswer> {
    const body = { ...spec, applicationId: this.id }
    return call(this.#transport, 'POST', '/_mock/verify', { body, accept: [422] })
  }

  /** Forgets everything of this application: events, batches, requests, faults, documents. */
  async reset(): Promise<void> {
    await call(this.#transport, 'DELETE', `/_mock/applications/${encodeURIComponent(this.id)}`)
  }

  /** NDJSON of everything, or HAR. */
  async export(format: 'ndjson' | 'json' | 'har' = 'ndjson'): Promise<unknown> {
    return call(this.#transport, 'GET', '/_mock/events/export', {
      search: { app: this.id, format },
    })
  }

  /** Takes what `export` gave, or bare events, into this application. Returns how many. */
  async import(text: string): Promise<number> {
    const options = { search: { app: this.id }, body: text }
    const { imported } = await call<{ imported: number }>(
      this.#transport,
      'POST',
      '/_mock/events/import',
      options,
    )
    return imported
  }

  /** Faults that only this application meets. */
  readonly faults = {
    add: (spec: Omit<FaultSpec, 'applicationId'>): Promise<Fault> =>
      call(this.#transport, 'POST', '/_mock/faults', { body: { ...spec, applicationId: this.id } }),
    list: (): Promise<Fault[]> =>
      call(this.#transport, 'GET', '/_mock/faults', { search: { app: this.id } }),
    remove: (id: number): Promise<void> => call(this.#transport, 'DELETE', `/_mock/faults/${id}`),
    clear: (): Promise<void> =>
      call(this.#transport, 'DELETE', '/_mock/faults', { search: { app: this.id } }),
  }

  readonly config = this.#document('config')
  readonly rules = this.#document('rules')

  #document(kind: 'config' | 'rules') {
    const send = (method: string) => async (body?: unknown) =>
      call<unknown>(this.#transport, method, `/_mock/${kind}`, {
        search: { app: this.id },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    return { get: () => send('GET')(), put: send('PUT'), patch: send('PATCH') }
  }

  async #all<T>(path: string, search: Record<string, string | undefined> = {}): Promise<T[]> {
    const items: T[] = []
    let after: number | null = 0
    while (after !== null) {
      const page: Page<T> = await call(this.#transport, 'GET', path, {
        search: { ...search, app: this.id, after, limit: PAGE },
      })
      items.push(...page.items)
      after = page.next
    }
    return items
  }
}
