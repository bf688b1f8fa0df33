import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import type { Finding } from './sentence.ts'

/** In words; without a context where nothing could be observed. */
type Text<Context> = string | ((context?: Context) => string)

/** What a value should be, when it is not one certain value. */
export class Expectation<Context = unknown> {
  readonly text: Text<Context>
  readonly met: (value: any, context: Context) => boolean

  constructor(text: Text<Context>, met: (value: any, context: Context) => boolean) {
    this.text = text
    this.met = met
  }
}

/** @example that('a time in UTC', (value) => isTime(value)) */
export const that = <Context>(
  text: Text<Context>,
  met: (value: any, context: Context) => boolean,
): Expectation<Context> => new Expectation(text, met)

/** Filters may leave out what there is nothing to say of, or write null. */
export const ABSENT = that<unknown>('nothing', (value) => value === undefined || value === null)

/** Compares what is seen with a value or an expectation. */
export function compare<Context>(
  seen: unknown,
  expected: unknown,
  context: Context,
): Pick<Finding, 'passed' | 'expected' | 'seen'> {
  const passed =
    expected instanceof Expectation
      ? expected.met(seen, context)
      : isDeepStrictEqual(seen, expected)
  return { passed, expected: textOf(expected, context), seen: shown(seen) }
}

/** What is expected, in words. */
export function textOf(expected: unknown, context?: unknown): string {
  if (!(expected instanceof Expectation)) return shown(expected)
  const { text } = expected
  return typeof text === 'function' ? text(context) : text
}

const LONGEST = 400

/** A value as text: JSON where it is data, and not endless. */
function shown(value: unknown): string {
  const text = written(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text
}

function written(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Buffer.isBuffer(value)) return writtenBytes(value)
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value)
  const members = Object.entries(value).map(
    ([name, its]) => `${JSON.stringify(name)}: ${written(its)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function writtenBytes(value: Buffer): string {
  const bytes = `${value.length} bytes`
  return isUtf8(value) && value.length > 0
    ? `${bytes}: ${JSON.stringify(value.toString())}`
    : `${bytes}: ${value.toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')}`
}
