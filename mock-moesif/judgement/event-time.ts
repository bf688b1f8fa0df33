/**
 * Reads a time as Moesif's clients write it: milliseconds or nanoseconds, `Z`, an offset, or nothing at all, which means UTC.
 * Returns Unix ms, or null when it is no time.
 */
export function eventTime(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const zoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`
  const parsed = Date.parse(zoned.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(parsed) ? null : parsed
}
