import { eventTime } from '../judgement/event-time.ts'
import { judge } from '../judgement/judge.ts'
import { typeDrift } from '../judgement/type-drift.ts'
import type { KnownTypes } from '../model/member-type.ts'
import { routeOf } from '../model/route.ts'
import { rowText } from '../model/row-text.ts'
import type { Span } from '../model/split-json.ts'
import type { ArrivedEvent } from '../store/arrived.ts'

/**
 * Judges an event, and says where it stands in its body.
 * @param types those of earlier events of the application; without, it is judged by itself
 */
export function readEvent(
  event: unknown,
  span: Span,
  receivedAt: number,
  types?: KnownTypes,
): ArrivedEvent {
  const fields = objectOf(event)
  const judged = judge(event, span.length, receivedAt)
  const drift = types && judged.verdict !== 'bad' ? typeDrift(fields, types) : []
  const verdict = drift.length > 0 ? 'warning' : judged.verdict
  const findings = drift.length > 0 ? [...judged.findings, ...drift] : judged.findings
  const request = objectOf(fields['request'])
  const response = objectOf(fields['response'])
  const time = eventTime(request['time'])
  const end = eventTime(response['time'])
  const uri = text(request['uri'])
  return {
    time,
    verb: text(request['verb']),
    uri,
    status: Number.isSafeInteger(response['status']) ? (response['status'] as number) : null,
    durationMs: time === null || end === null ? null : end - time,
    userId: text(fields['user_id']),
    companyId: text(fields['company_id']),
    direction: text(fields['direction']),
    weight: weightOf(fields['weight']),
    blockedBy: text(fields['blocked_by']),
    route: uri === null ? null : routeOf(uri),
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
  return typeof value === 'string' ? rowText(value) : null
}

/** The weight, if a row can hold it; anything else counts as 1, with a warning. */
function weightOf(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : 1
}
