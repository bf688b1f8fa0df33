import type { Faults } from '../collector/faults.ts'
import type { StreamMessages } from '../contract/stream-messages.ts'
import type { BatchSummary, RequestSummary } from '../model/arrival.ts'
import type { EventSummary } from '../model/event.ts'
import type { ArrivalSearch } from '../store/arrival-search.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { EventStore } from '../store/event-store.ts'
import type { Reply, Sink } from './reply.ts'
import { clearInterval, clearTimeout, setInterval, setTimeout } from '../model/real-timers.ts'

/** Rows are collected this long: the delay is not visible, and thousands of rows a second become 20 messages. */
const FRAME_MS = 50
const HEARTBEAT_MS = 15_000
/** Bytes a reader may lag behind before rows are skipped for it. */
const MAX_LAG_BYTES = 4 * 1024 * 1024
const MAX_LAG_BYTES_OF_ALL = 64 * 1024 * 1024
/** Rows sent again to a reader that reconnects; it loads older ones by page. */
const MAX_REPLAYED = 5000

interface StreamOptions {
  lastEventId?: number | undefined
  newest?: number | undefined
}

interface Reader {
  sink: Sink
  applicationId: string | undefined
  /** How many batches and requests it is sent where it may have missed some. */
  newest: number
  /** Lags too far behind to be sent more. */
  lagging: boolean
  /** Rows it was not sent. */
  skipped: number
  /** It was not sent the current faults. */
  faultsMissed: boolean
}

/** Server-sent events: summaries of what arrives, in frames, to any number of readers, none of which can slow the collector. */
export class Stream {
  readonly #store: EventStore
  readonly #search: EventSearch
  readonly #arrivals: ArrivalSearch
  readonly #faults: Faults
  readonly #readers = new Set<Reader>()
  readonly #heartbeat: NodeJS.Timeout
  #events: EventSummary[] = []
  /** By id: of a batch that changed within a frame only the last state is sent. */
  #batches = new Map<number, BatchSummary>()
  #faultsChanged = false
  #frame: NodeJS.Timeout | undefined
  readonly #requests = new Map<number, RequestSummary>()
  #lastFrameAt = 0
  /** No event below this id is held. */
  #oldest = 0

  constructor(store: EventStore, search: EventSearch, arrivals: ArrivalSearch, faults: Faults) {
    this.#store = store
    this.#search = search
    this.#arrivals = arrivals
    this.#faults = faults
    store.onChange(({ batch, events, request, reset }) => {
      if (this.#readers.size === 0) return
      if (reset) {
        this.#flush()
        for (const reader of this.#readersOf(reset.applicationId)) {
          write(reader, 'reset', reset)
          this.#writeNewest(reader)
          write(reader, 'counts', this.#countsFor(reader))
        }
      }
      if (batch) this.#batches.set(batch.id, batch)
      if (events) for (const event of events) this.#events.push(event)
      if (request) this.#requests.set(request.id, request)
      if (batch || request) this.#schedule()
    })
    faults.onChange(() => {
      if (this.#readers.size === 0) return
      // Each hit changes a fault: sent once with the next frame, however many there were.
      this.#faultsChanged = true
      this.#schedule()
    })
    this.#heartbeat = setInterval(() => {
      for (const reader of this.#readers) write(reader, 'heartbeat', { at: Date.now() })
    }, HEARTBEAT_MS).unref()
  }

  /**
   * The answer to a reader, which is added once it is there.
   *
   * @param options `lastEventId`: the last row it has, to be sent what came since; `newest`: how many batches and requests
   * it is sent where it may have missed some
   */
  reply(applicationId: string | undefined, options: StreamOptions): Reply {
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      stream: (sink) => this.#open(sink, applicationId, options),
    }
  }

  #open(
    sink: Sink,
    applicationId: string | undefined,
    { lastEventId, newest = 0 }: StreamOptions,
  ): void {
    sink.write(Buffer.from('retry: 1000\n\n'))
    this.#flush()
    this.#evictedBefore()
    const reader: Reader = {
      sink,
      applicationId,
      newest,
      lagging: false,
      skipped: 0,
      faultsMissed: false,
    }
    // With the id a reader has a place to resume from before any event came.
    const { id, generation } = this.#store
    write(reader, 'store', { id, generation }, lastEventId ?? this.#store.lastEventId)
    if (lastEventId !== undefined) this.#replay(reader, lastEventId)
    this.#writeNewest(reader)
    write(reader, 'counts', this.#countsFor(reader))
    write(reader, 'faults', this.#faultsFor(reader))
    this.#readers.add(reader)
    sink.onCaughtUp(() => this.#catchUp(reader))
    sink.onClose(() => this.#readers.delete(reader))
  }

  /** How many are listening. */
  get readers(): number {
    return this.#readers.size
  }

  close(): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#frame)
    for (const { sink } of this.#readers) sink.end()
  }

  #replay(reader: Reader, lastEventId: number): void {
    // The ids are of an earlier process: a mock in memory was restarted.
    if (lastEventId > this.#store.lastEventId) {
      write(reader, 'reset', { applicationId: null, generation: this.#store.generation })
      return this.#replay(reader, 0)
    }
    const { total, skipped, rows } = this.#search.missed(
      lastEventId,
      reader.applicationId,
      MAX_REPLAYED,
    )
    if (skipped > 0) write(reader, 'skipped', { count: skipped })
    if (total > 0) write(reader, 'events', rows, rows.at(-1)?.id)
  }

  /** The first row after a quiet time is sent at once, the next with its frame. */
  #schedule(): void {
    if (this.#frame) return
    const wait = Math.max(0, this.#lastFrameAt + FRAME_MS - Date.now())
    this.#frame = setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    clearTimeout(this.#frame)
    this.#frame = undefined
    this.#lastFrameAt = Date.now()
    const events = this.#events
    const batches = [...this.#batches.values()]
    this.#events = []
    this.#batches.clear()
    const requests = [...this.#requests.values()]
    this.#requests.clear()
    const faultsChanged = this.#faultsChanged
    this.#faultsChanged = false
    const arrived = batches.length > 0 || requests.length > 0
    const evicted = arrived ? this.#evictedBefore() : undefined
    // Serialized once per application, however many readers there are.
    const frames = new Map<string | undefined, Frame | undefined>()
    const faults = new Map<string | undefined, Buffer>()
    for (const reader of this.#readers) {
      const { applicationId } = reader
      if (arrived) {
        if (!frames.has(applicationId))
          frames.set(applicationId, this.#frameFor(reader, events, batches, requests, evicted))
        this.#send(reader, frames.get(applicationId))
      }
      if (!faultsChanged) continue
      if (this.#lags(reader)) reader.faultsMissed = true
      else {
        const text = faults.get(applicationId) ?? textOf('faults', this.#faultsFor(reader))
        faults.set(applicationId, text)
        reader.sink.write(text)
      }
    }
  }

  /** The id below which events were removed since this was asked last, or undefined. */
  #evictedBefore(): number | undefined {
    const known = this.#oldest
    this.#oldest = this.#store.oldestEventId ?? this.#store.lastEventId + 1
    return this.#oldest > known ? this.#oldest : undefined
  }

  /** Whether a reader has so much unread that it is sent no more until it has caught up. */
  #lags(reader: Reader): boolean {
    const most = Math.min(MAX_LAG_BYTES, MAX_LAG_BYTES_OF_ALL / this.#readers.size)
    return (reader.lagging ||= reader.sink.unread > most)
  }

  /** Rows that a reader missed are not sent later: it is sent their number, and loads them. */
  #catchUp(reader: Reader): void {
    if (!reader.lagging) return
    reader.lagging = false
    write(reader, 'skipped', { count: reader.skipped })
    this.#writeNewest(reader)
    write(reader, 'counts', this.#countsFor(reader))
    reader.skipped = 0
    if (reader.faultsMissed) write(reader, 'faults', this.#faultsFor(reader))
    reader.faultsMissed = false
  }

  #send(reader: Reader, frame: Frame | undefined): void {
    if (!frame) return
    if (this.#lags(reader)) reader.skipped += frame.events
    else reader.sink.write(frame.text)
  }

  /** The messages for readers of an application about what arrived; undefined when there is nothing to send. */
  #frameFor(
    reader: Reader,
    allEvents: EventSummary[],
    allBatches: BatchSummary[],
    allRequests: RequestSummary[],
    evictedBefore: number | undefined,
  ): Frame | undefined {
    const { applicationId } = reader
    const isTheirs = (row: { applicationId: string | null }) =>
      applicationId === undefined || row.applicationId === applicationId
    const events = allEvents.filter(isTheirs)
    const batches = allBatches.filter(isTheirs)
    const requests = allRequests.filter(isTheirs)
    if (batches.length === 0 && evictedBefore === undefined && requests.length === 0)
      return undefined
    const messages = [textOf('counts', this.#countsFor(reader))]
    if (requests.length > 0) messages.unshift(textOf('requests', requests))
    if (batches.length > 0) messages.unshift(textOf('batches', batches))
    if (events.length > 0) messages.unshift(textOf('events', events, events.at(-1)!.id))
    if (evictedBefore !== undefined) messages.unshift(textOf('evicted', { before: evictedBefore }))
    return { events: events.length, text: Buffer.concat(messages) }
  }

  #writeNewest(reader: Reader): void {
    if (reader.newest === 0) return
    const paging = { limit: reader.newest, before: undefined, after: undefined }
    write(reader, 'newest', {
      batches: this.#arrivals.batches(reader.applicationId, paging).items,
      requests: this.#arrivals.requests(reader.applicationId, paging).items,
    })
  }

  #readersOf(applicationId: string | null): Reader[] {
    return [...this.#readers].filter(
      (reader) =>
        applicationId === null ||
        reader.applicationId === undefined ||
        reader.applicationId === applicationId,
    )
  }

  #countsFor(reader: Reader): StreamMessages['counts'] {
    return this.#store.counts(reader.applicationId)
  }

  #faultsFor(reader: Reader): StreamMessages['faults'] {
    return this.#faults
      .list()
      .filter(
        ({ applicationId }) =>
          applicationId === undefined ||
          reader.applicationId === undefined ||
          applicationId === reader.applicationId,
      )
  }
}

/** The messages of one frame for readers of one application. */
interface Frame {
  events: number
  text: Buffer
}

function write<Name extends keyof StreamMessages>(
  { sink }: Reader,
  name: Name,
  message: StreamMessages[Name],
  id?: number,
): void {
  sink.write(textOf(name, message, id))
}

function textOf<Name extends keyof StreamMessages>(
  name: Name,
  message: StreamMessages[Name],
  id?: number,
): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  return Buffer.from(`${idLine}event: ${name}\ndata: ${JSON.stringify(message)}\n\n`)
}
