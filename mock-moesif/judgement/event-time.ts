/**
 * Reads a time as Moesif's clients write it: milliseconds or nanoseconds, `Z`, an offset, or nothing at all, which means UTC.
 * Returns Unix ms, or null when it is no time.
 */
export function eventTime(value: unknown): number | null {
  if (typeof value !== 'string') return null
  // What most send, 2026-01-31T12:00:00.000Z, needs no looking at twice.
  const parsable = value.length === 24 && value.endsWith('Z') ? value : normalized(value)
  const parsed = Date.parse(parsable)
  return Number.isNaN(parsed) ? null : parsed
}

function normalized(value: string): string {
  const zoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`
  return zoned.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
}
