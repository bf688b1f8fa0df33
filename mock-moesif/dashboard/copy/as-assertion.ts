import type { EventRecord } from '#mock-moesif/client/index.ts'
import { addressParts } from '../captured/address-parts.ts'
import { literal } from './as-fetch.ts'
import { term } from '../query/terms.ts'

/** A line for a spec that waits for an event like this one. */
export function asAssertion(record: EventRecord): string {
  const terms = [
    record.verb && term('verb', record.verb),
    record.uri && term('path', addressParts(record.uri).path),
    record.status !== null && term('status', String(record.status)),
    record.userId && term('user', record.userId),
    record.companyId && term('company', record.companyId),
  ].filter(Boolean)
  const where = literal(terms.join(' '))
  const application = literal(record.applicationId)
  return `await mock.application(${application}).awaitEvents({ count: 1, where: ${where} })\n`
}
