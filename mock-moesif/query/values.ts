import type { Condition } from './ast.ts'
import { exampleOf, findField, type Field } from './fields.ts'

/** Both ends belong to it. */
export interface NumberRange {
  from: number
  to: number
}

const UNITS: Record<string, Record<string, number>> = {
  bytes: { '': 1, b: 1, kb: 1024, mb: 1024 * 1024 },
  milliseconds: { '': 1, ms: 1, s: 1000, m: 60_000 },
  age: { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  number: { '': 1 },
  status: { '': 1 },
}

/** What is wrong with a condition's value; undefined when it is valid. */
export function valueProblem(field: Field, condition: Condition): string | undefined {
  const { value, comparison, quoted, isStart } = condition
  if (value === '' && !quoted)
    return `a value is missing after ${field.name}: (try ${exampleOf(field)})`
  switch (field.kind) {
    case 'text':
    case 'contains':
      return comparison === '='
        ? undefined
        : `${field.name} is text: ${comparison} can't compare it`
    case 'flag':
      return /^(?:true|false)$/i.test(value) && comparison === '=' && !isStart
        ? undefined
        : `${field.name} is true or false`
    case 'has': {
      const found = findField(value)
      if (!found) return `there is no field "${value}"`
      if (found.field.kind === 'has' || isStart || comparison !== '=')
        return `${field.name} takes the name of a field (try ${exampleOf(field)})`
      return undefined
    }
    default:
      if (isStart) return `${field.name} is a number: no * can follow it`
      return numberRange(field, condition)
        ? undefined
        : `"${value}" is not understood (try ${exampleOf(field)})`
  }
}

/**
 * The numbers a condition lets pass, ends included; undefined when its value is not a number for this field.
 * Times are Unix ms. `status:5xx` and `size:10..20kb` are ranges, `*` is any.
 */
export function numberRange(field: Field, condition: Condition): NumberRange | undefined {
  const { comparison, value } = condition
  if (field.kind === 'status' && /^[1-5]xx$/i.test(value) && comparison === '=')
    return { from: Number(value[0]) * 100, to: Number(value[0]) * 100 + 99 }
  const between = /^(.+?)\.\.(.+)$/.exec(value)
  if (between && comparison === '=') {
    const from = numberOf(field, withUnitOf(field, between[1]!, between[2]!))
    const to = numberOf(field, between[2]!)
    return from === undefined || to === undefined ? undefined : { from, to }
  }
  if (value === '*' && comparison === '=') return { from: -Infinity, to: Infinity }
  const number = numberOf(field, value)
  if (number === undefined) return undefined
  switch (comparison) {
    case '>':
      return { from: next(number, 1), to: Infinity }
    case '>=':
      return { from: number, to: Infinity }
    case '<':
      return { from: -Infinity, to: next(number, -1) }
    case '<=':
      return { from: -Infinity, to: number }
    default:
      return { from: number, to: number }
  }
}

/** Who writes `10..20kb` means 10 kB. */
function withUnitOf({ kind }: Field, from: string, to: string): string {
  const unit = /[a-z]*$/i.exec(to)![0]
  return kind === 'time' || /[a-z]$/i.test(from) ? from : from + unit
}

/** Whole numbers are compared: an excluded limit becomes the next number. */
function next(number: number, direction: 1 | -1): number {
  return direction > 0 ? Math.floor(number) + 1 : Math.ceil(number) - 1
}

/** Date takes the 31st of November for the 1st of December. */
function dayExists(text: string): boolean {
  const [year, month, day = 1] = text.slice(0, 10).split('-').map(Number) as [
    number,
    number,
    number?,
  ]
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function numberOf(field: Field, text: string): number | undefined {
  if (field.kind === 'time') {
    if (!/^\d{4}-\d\d/.test(text)) return undefined
    const time = Date.parse(
      /[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes('T') ? text : `${text}Z`,
    )
    return Number.isNaN(time) || !dayExists(text) ? undefined : time
  }
  const match = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-z]*)$/i.exec(text)
  const factor = match && UNITS[field.kind]?.[match[2]!.toLowerCase()]
  return factor ? Number(match[1]) * factor : undefined
}
