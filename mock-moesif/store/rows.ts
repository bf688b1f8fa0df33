import type { BatchSummary, RequestSummary } from '../model/arrival.ts'
import type { EventSummary, Finding } from '../model/event.ts'

type Row = Record<string, any>

export const EVENT_COLUMNS = `id, app, batch_id, received_at, time, verb, uri, status, duration_ms, user_id, company_id,
  direction, weight, blocked_by, route, transaction_id, size, verdict, duplicate_of, body_offset, findings`

export function eventSummary(row: Row): EventSummary {
  return {
    id: row['id'],
    applicationId: row['app'],
    batchId: row['batch_id'],
    receivedAt: row['received_at'],
    time: row['time'],
    verb: row['verb'],
    uri: row['uri'],
    status: row['status'],
    durationMs: row['duration_ms'],
    userId: row['user_id'],
    companyId: row['company_id'],
    direction: row['direction'],
    weight: row['weight'] ?? 1,
    blockedBy: row['blocked_by'],
    route: row['route'],
    transactionId: row['transaction_id'],
    size: row['size'],
    verdict: row['verdict'],
    duplicateOf: row['duplicate_of'],
  }
}

export function findingsOf(row: Row): Finding[] {
  return row['findings'] ? (JSON.parse(row['findings']) as Finding[]) : []
}

export const BATCH_COLUMNS = `id, request_id, app, received_at, event_count, first_event_id, last_event_id, encoding,
  wire_bytes, decoded_bytes, answer, fault, retry_of, forwarded`

export function batchSummary(row: Row): BatchSummary {
  return {
    id: row['id'],
    requestId: row['request_id'],
    applicationId: row['app'],
    receivedAt: row['received_at'],
    eventCount: row['event_count'],
    firstEventId: row['first_event_id'],
    lastEventId: row['last_event_id'],
    encoding: row['encoding'],
    wireBytes: row['wire_bytes'],
    decodedBytes: row['decoded_bytes'],
    answer: row['answer'],
    fault: row['fault'],
    retryOf: row['retry_of'],
    forwarded: row['forwarded'] ? JSON.parse(row['forwarded']) : null,
  }
}

export const REQUEST_COLUMNS =
  'id, received_at, app, method, path, headers, wire_bytes, answer, fault, duration_ms, body_kept'

export function requestSummary(row: Row): RequestSummary {
  return {
    id: row['id'],
    receivedAt: row['received_at'],
    applicationId: row['app'],
    method: row['method'],
    path: row['path'],
    headers: JSON.parse(row['headers']) as Record<string, string>,
    wireBytes: row['wire_bytes'],
    answer: row['answer'],
    fault: row['fault'],
    durationMs: row['duration_ms'],
    bodyKept: row['body_kept'],
  }
}
