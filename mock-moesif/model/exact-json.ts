/**
 * JSON.parse keeps a number as a double: 9007199254740993 becomes …992, and 1.0 becomes 1. Where a text has such numbers, they
 * are kept as they were written.
 */
interface WithSource {
  source?: string
}
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): object
  isRawJSON(value: unknown): boolean
}

/** A number that JSON.parse may change: of 16 digits or more, with a fraction that ends in 0, with an exponent, or minus zero; now and then another one. */
const INEXACT = /[[:,\s](?:-?\d{16,}|-?\d+\.\d*0\b|-?\d+(?:\.\d+)?[eE]|-?(?=[\d.]{17})\d+\.\d|-0\b)/

/** Parses JSON; a number that a double does not hold as written becomes an object that JSON.stringify writes as it was. */
export function parseExactly(text: string): unknown {
  if (!INEXACT.test(` ${text}`)) return JSON.parse(text)
  try {
    return JSON.parse(text, ((_key: string, value: unknown, { source }: WithSource) =>
      typeof value === 'number' && source !== undefined && !isSame(value, source)
        ? rawJSON(source)
        : value) as (key: string, value: unknown) => unknown)
  } catch (error) {
    // A reviver walks by recursion; JSON itself may nest deeper.
    if (error instanceof RangeError) return JSON.parse(text)
    throw error
  }
}

/** A number of `parseExactly` that no double holds as it was written. */
export function isExactNumber(value: unknown): boolean {
  return isRawJSON(value)
}

function isSame(value: number, source: string): boolean {
  return String(value) === source && !Object.is(value, -0)
}
