/** Milliseconds, fractions allowed. @throws RangeError: NaN or a negative time would stop the clock or be without effect. */
export function requireDuration(name: string, ms: number): number {
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new RangeError(`${name} has to be milliseconds from 0, not ${shown(ms)}.`)
}

/** @throws RangeError for what is no whole number, or less. */
export function requireCount(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new RangeError(`${name} has to be a whole number from ${least}, not ${shown(value)}.`)
}

/** @throws RangeError for what no Date could hold. */
export function requireTime(name: string, unixMs: number): number {
  if (typeof unixMs === 'number' && Math.abs(unixMs) <= LAST_OF_DATE) return unixMs
  throw new RangeError(`${name} has to be Unix milliseconds, not ${shown(unixMs)}.`)
}

const LAST_OF_DATE = 8.64e15

/** JavaScript may pass anything: a text in quotes shows why it was not taken. */
const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value)

/** @throws RangeError for another word, such as JavaScript may pass. */
export function requireOneOf<T extends string>(name: string, word: T, words: readonly T[]): T {
  if (words.includes(word)) return word
  const known = words.map((one) => JSON.stringify(one)).join(', ')
  throw new RangeError(`${name} has to be one of ${known}, not ${shown(word)}.`)
}
