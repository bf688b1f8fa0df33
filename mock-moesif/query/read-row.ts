import type { EventSummary } from '../model/event.ts'
import { hostOf, pathOf } from '../model/route.ts'
import type { Condition } from './ast.ts'
import { findField, type Field } from './fields.ts'

export type Value = string | number | boolean

/** The values of a field that a row has without its event: none when absent. Others have none here. */
export function readRow(
  field: Field,
  condition: Condition,
  row: EventSummary,
  now: number,
): Value[] {
  switch (field.name) {
    case 'status':
      return present(row.status)
    case 'verb':
      return present(row.verb)
    case 'uri':
      return present(row.uri)
    case 'path':
      return present(row.uri === null ? null : pathOf(row.uri))
    case 'host':
      return present(row.uri === null ? null : hostOf(row.uri))
    case 'user':
      return present(row.userId)
    case 'route':
      return present(row.route)
    case 'blocked_by':
      return present(row.blockedBy)
    case 'weight':
      return [row.weight]
    case 'company':
      return present(row.companyId)
    case 'app':
      return [row.applicationId]
    case 'verdict':
      return [row.verdict]
    case 'bad':
    case 'warning':
    case 'good':
      return [row.verdict === field.name]
    case 'duplicate':
      return [row.duplicateOf !== null]
    case 'duration':
      return present(row.durationMs)
    case 'age':
      return [now - row.receivedAt]
    case 'time':
      return present(row.time)
    case 'size':
      return [row.size]
    case 'batch':
      return [row.batchId]
    case 'id':
      return [row.id]
    case 'direction':
      return present(row.direction)
    case 'transaction':
      return present(row.transactionId)
    case 'has':
    case 'missing':
      return presence(condition, (wanted, inner) => readRow(wanted, inner, row, now))
    default:
      return []
  }
}

/** The value of `has:` and `missing:`, whose condition names a field. */
export function presence(
  condition: Condition,
  read: (field: Field, condition: Condition) => Value[],
): Value[] {
  const { field, key } = findField(condition.value)!
  const values = read(field, { ...condition, field: field.name, key })
  if (condition.field === 'missing') return [values.length === 0]
  const isFlag = field.kind === 'flag'
  return [values.some((value) => (isFlag ? value === true : value !== ''))]
}

function present(value: Value | null): Value[] {
  return value === null ? [] : [value]
}
