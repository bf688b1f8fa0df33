import { readEvent } from '../collector/read-event.ts'
import { eventTime } from '../judgement/event-time.ts'
import { spanOfMember, splitArray, SplitError, startOf, type Span } from '../model/split-json.ts'
import type { ArrivedEvent } from '../store/arrived.ts'
import type { EventStore } from '../store/event-store.ts'
import { elapsed, setImmediate } from '../model/real-timers.ts'
import { BadCall } from './bad-call.ts'
import { eventsOfHar, looksLikeHar } from './har-events.ts'

/** One line of an export, or a bare event: where its JSON stands in the text, to be stored as it is. */
interface Imported {
  applicationId: string
  span: Span
  judgedAt: number
}

/** Events of one transaction. */
const CHUNK = 500
const TURN_MS = 10
/** Bytes that show whether a text is a HAR. */
const HAR_START = 1000
const LINE_FEED = 0x0a
const LIMITS = { documents: Infinity, values: 1_000_000, total: Infinity }

/**
 * Imports an export (NDJSON, JSON or HAR), or bare events for `applicationId`. Everything is checked before anything is stored.
 * Returns how many.
 */
export async function importEvents(
  store: EventStore,
  text: Uint8Array,
  applicationId: string | undefined,
): Promise<number> {
  const bytes = linesOf(Buffer.from(text.buffer, text.byteOffset, text.byteLength))
  const turn = turns()
  const imported: Imported[] = []
  for (const [index, span] of documentsIn(bytes).entries()) {
    imported.push(importedOf(bytes, span, index + 1, applicationId))
    await turn()
  }
  for (const [app, events] of Map.groupBy(imported, (one) => one.applicationId))
    for (let start = 0; start < events.length; start += CHUNK) {
      storeBatch(store, app, bytes, events.slice(start, start + CHUNK))
      await turn()
    }
  return imported.length
}

/** A HAR becomes the events that it describes, one per line; everything else is taken as it is. */
function linesOf(text: Buffer): Buffer {
  const start = text.toString('utf8', 0, HAR_START)
  if (!looksLikeHar(start)) return text
  const events = eventsOfHar(parse(text, 1))
  return Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'))
}

/** Yields to the event loop when its slice is over. */
function turns(): () => Promise<void> {
  let started = elapsed()
  return async () => {
    if (elapsed() - started < TURN_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    started = elapsed()
  }
}

function documentsIn(bytes: Buffer): Span[] {
  try {
    return bytes[startOf(bytes)] === 0x5b ? splitArray(bytes, LIMITS) : linesIn(bytes)
  } catch (error) {
    if (error instanceof SplitError)
      throw new BadCall(`Document ${error.index + 1} is not JSON: ${error.message}`)
    throw error
  }
}

function linesIn(bytes: Buffer): Span[] {
  const spans: Span[] = []
  for (let offset = startOf(bytes); offset < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, offset)
    const end = feed < 0 ? bytes.length : feed
    const line = bytes.subarray(offset, end)
    const start = startOf(line)
    if (start < line.length) spans.push({ offset: offset + start, length: line.length - start })
    offset = end + 1
  }
  return spans
}

function importedOf(
  bytes: Buffer,
  { offset, length }: Span,
  number: number,
  applicationId: string | undefined,
): Imported {
  const json = bytes.subarray(offset, offset + length)
  const document = parse(json, number)
  const record = document as Partial<
    Record<'event' | 'applicationId' | 'receivedAt', unknown>
  > | null
  const exported = typeof record === 'object' && record !== null && record.event !== undefined
  const event = exported ? record.event : document
  const app = applicationId ?? (exported ? record.applicationId : undefined)
  if (typeof app !== 'string' || app === '')
    throw new BadCall('These events name no application: say which they belong to with ?app=')
  const inner = exported ? spanOfMember(json, 'event') : undefined
  const time = eventTime((event as { request?: { time?: unknown } } | null)?.request?.time)
  const receivedAt = exported && typeof record.receivedAt === 'number' ? record.receivedAt : time
  return {
    applicationId: app,
    span: inner ? { offset: offset + inner.offset, length: inner.length } : { offset, length },
    judgedAt: receivedAt ?? Date.now(),
  }
}

function parse(json: Buffer, number: number): unknown {
  try {
    return JSON.parse(json.toString()) as unknown
  } catch (error) {
    throw new BadCall(`Line ${number} is not JSON: ${(error as Error).message}`)
  }
}

function storeBatch(store: EventStore, app: string, bytes: Buffer, imported: Imported[]): void {
  const parts: Buffer[] = []
  const events: ArrivedEvent[] = []
  const types = store.memberTypes.forBatch(app)
  let offset = 0
  for (const { span, judgedAt } of imported) {
    const json = bytes.subarray(span.offset, span.offset + span.length)
    // Judged as of when it first arrived: an archive is not "late".
    const event = JSON.parse(json.toString()) as unknown
    parts.push(Buffer.from(offset === 0 ? '[' : ','), json)
    const place = { offset: offset + 1, length: json.byteLength }
    events.push(readEvent(event, place, judgedAt, types))
    offset += json.byteLength + 1
  }
  const body = Buffer.concat([...parts, Buffer.from(']')])
  store.record(
    {
      receivedAt: Date.now(),
      applicationId: app,
      method: 'POST',
      path: '/_mock/events/import',
      headers: {},
      wireBytes: body.byteLength,
      answer: 201,
      fault: null,
      durationMs: 0,
      bodyKept: null,
    },
    {
      applicationId: app,
      encoding: 'identity',
      body,
      eventCount: events.length,
      firstTransactionId: null,
      events,
      types,
    },
  )
}
