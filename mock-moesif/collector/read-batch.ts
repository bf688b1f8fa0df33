import type { ArrivedEvent } from '../store/event-store.ts'
import { eventTime } from '../judgement/event-time.ts'
import { judge } from '../judgement/judge.ts'
import { Refusal } from './refusal.ts'
import { splitArray, type Span } from './split-array.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Parses a posted document, or refuses it with what is wrong and where. */
export function parseDocument(body: Uint8Array): unknown {
  let json: string
  try {
    json = decoder.decode(body)
  } catch {
    throw new Refusal(400, 'The body is not valid UTF-8')
  }
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    throw new Refusal(400, `The body is not valid JSON: ${(error as Error).message}`, [
      { pointer: '', message: (error as Error).message },
    ])
  }
}

/** Refuses what is not an array of documents (batch), or not an object (single). */
export function listOf(document: unknown, batch: boolean): unknown[] {
  if (batch) {
    if (Array.isArray(document)) return document as unknown[]
    throw refuseShape('A batch must be a JSON array', 'must be an array')
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document))
    return [document]
  throw refuseShape('The body must be a JSON object', 'must be an object')
}

function refuseShape(message: string, remark: string): Refusal {
  return new Refusal(400, message, [{ pointer: '', message: remark }])
}

/** Judges each event and says where it stands in the body. */
export function readEvents(
  body: Uint8Array,
  events: unknown[],
  batch: boolean,
  receivedAt: number,
): ArrivedEvent[] {
  const spans = batch ? splitArray(body) : [{ offset: 0, length: body.byteLength }]
  return events.map((event, index) => readEvent(event, spans[index]!, receivedAt))
}

function readEvent(event: unknown, span: Span, receivedAt: number): ArrivedEvent {
  const { verdict, findings } = judge(event, span.length, receivedAt)
  const fields = objectOf(event)
  const request = objectOf(fields['request'])
  const response = objectOf(fields['response'])
  const time = eventTime(request['time'])
  const end = eventTime(response['time'])
  return {
    time,
    verb: text(request['verb']),
    uri: text(request['uri']),
    status: Number.isSafeInteger(response['status']) ? (response['status'] as number) : null,
    durationMs: time === null || end === null ? null : end - time,
    userId: text(fields['user_id']),
    companyId: text(fields['company_id']),
    direction: text(fields['direction']),
    transactionId: text(fields['transaction_id']) || null,
    offset: span.offset,
    size: span.length,
    verdict,
    findings,
  }
}

const none: Record<string, unknown> = {}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : none
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
