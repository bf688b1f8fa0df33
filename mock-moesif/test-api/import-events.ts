import { readEvents } from '../collector/read-batch.ts'
import { eventTime } from '../judgement/event-time.ts'
import type { ArrivedEvent, EventStore } from '../store/event-store.ts'
import { eventsOfHar, looksLikeHar } from './har-events.ts'
import { BadCall } from './bad-call.ts'

/** One line of an export, or a bare event. */
interface Imported {
  applicationId: string
  event: unknown
  judgedAt: number
}

const CHUNK = 500

/** Takes what an export gave (NDJSON, JSON or HAR), or bare events for `applicationId`. Returns how many. */
export function importEvents(
  store: EventStore,
  text: string,
  applicationId: string | undefined,
): number {
  const imported = documentsIn(text).map((document) => importedOf(document, applicationId))
  for (const [app, events] of Map.groupBy(imported, (one) => one.applicationId))
    for (let start = 0; start < events.length; start += CHUNK)
      storeBatch(store, app, events.slice(start, start + CHUNK))
  return imported.length
}

function documentsIn(text: string): unknown[] {
  if (looksLikeHar(text)) return eventsOfHar(parse(text, 1))
  if (/^\s*\[/.test(text)) return parse(text, 1) as unknown[]
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, index + 1)]))
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new BadCall(`Line ${line} is not JSON: ${(error as Error).message}`)
  }
}

function importedOf(document: unknown, applicationId: string | undefined): Imported {
  const record = document as Partial<
    Record<'event' | 'applicationId' | 'receivedAt', unknown>
  > | null
  const exported = typeof record === 'object' && record !== null && record.event !== undefined
  const event = exported ? record.event : document
  const app = applicationId ?? (exported ? record.applicationId : undefined)
  if (typeof app !== 'string' || app === '')
    throw new BadCall('These events name no application: say which they belong to with ?app=')
  const time = eventTime((event as { request?: { time?: unknown } } | null)?.request?.time)
  const receivedAt = exported && typeof record.receivedAt === 'number' ? record.receivedAt : time
  return { applicationId: app, event, judgedAt: receivedAt ?? Date.now() }
}

function storeBatch(store: EventStore, app: string, imported: Imported[]): void {
  const parts: Buffer[] = []
  const events: ArrivedEvent[] = []
  let offset = 1
  for (const { event, judgedAt } of imported) {
    const json = Buffer.from(JSON.stringify(event))
    // Judged as of when it first arrived: an archive is not "late".
    const [arrived] = readEvents(json, [event], false, judgedAt)
    events.push({ ...arrived!, offset })
    parts.push(json)
    offset += json.byteLength + 1
  }
  const body = Buffer.from(`[${parts.map(String).join(',')}]`)
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
    },
    {
      applicationId: app,
      encoding: 'identity',
      body,
      eventCount: events.length,
      firstTransactionId: null,
      events,
    },
  )
}
