import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import type { Finding } from './sentence.ts'

/** What a value should be, when it is not one certain value. */
export class Expectation<Context = unknown> {
  readonly text: string
  readonly met: (value: any, context: Context) => boolean

  constructor(text: string, met: (value: any, context: Context) => boolean) {
    this.text = text
    this.met = met
  }
}

/** @example that('a time in UTC', (value) => isTime(value)) */
export const that = <Context>(
  text: string,
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
  return { passed, expected: textOf(expected), seen: shown(seen) }
}

/** What is expected, in words. */
export const textOf = (expected: unknown): string =>
  expected instanceof Expectation ? expected.text : shown(expected)

const LONGEST = 400

/** A value as text: JSON where it is data, and not endless. */
function shown(value: unknown): string {
  const text = written(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text
}

function written(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (!Buffer.isBuffer(value)) return JSON.stringify(value) ?? String(value)
  const bytes = `${value.length} bytes`
  return isUtf8(value) && value.length > 0
    ? `${bytes}: ${JSON.stringify(value.toString())}`
    : `${bytes}: ${value.toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')}`
}
