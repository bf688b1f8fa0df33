import { Ajv2020 } from 'ajv/dist/2020.js'
import schema from '../event.schema.json' with { type: 'json' }
import type { Finding, Verdict } from '../model/event.ts'
import { eventTime } from './event-time.ts'
import { schemaFinding } from './schema-finding.ts'
import { warningsOf } from './warnings.ts'

export interface Judgement {
  verdict: Verdict
  findings: Finding[]
}

/** A hostile event could break the schema a million times: no more than these are reported. */
const MAX_FINDINGS = 50
const MAX_AGE_MS = 30 * 24 * 3600_000

const MAX_EXPLAINED_BYTES = 1024 * 1024

const compile = (allErrors: boolean) =>
  new Ajv2020({ allErrors, strict: true, allowUnionTypes: true }).compile(schema)
const explainAll = compile(true)
/** For huge events: a million broken header values must not become a million errors in memory. */
const explainFirst = compile(false)
const good: Judgement = { verdict: 'good', findings: [] }

/** Judges an event as Moesif would: `bad` is refused, `warning` is accepted but serves its user badly. */
export function judge(event: unknown, size: number, receivedAt: number): Judgement {
  const accepts = size > MAX_EXPLAINED_BYTES ? explainFirst : explainAll
  if (!accepts(event)) {
    const findings = (accepts.errors ?? []).slice(0, MAX_FINDINGS).map(schemaFinding)
    return { verdict: 'bad', findings }
  }
  const fields = event as Record<string, unknown>
  const time = eventTime((fields['request'] as Record<string, unknown>)['time'])
  if (time === null || receivedAt - time > MAX_AGE_MS) {
    const message =
      time === null
        ? 'time is not a date that exists'
        : 'the event is over 30 days old: Moesif refuses it'
    return { verdict: 'bad', findings: [{ severity: 'error', pointer: '/request/time', message }] }
  }
  const findings = warningsOf(fields, size, receivedAt).slice(0, MAX_FINDINGS)
  return findings.length === 0 ? good : { verdict: 'warning', findings }
}
