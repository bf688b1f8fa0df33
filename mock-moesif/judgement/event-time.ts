const FORM = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d)/

/**
 * Reads a time as Moesif's clients write it: milliseconds or nanoseconds, `Z`, an offset, or nothing at all, which means UTC.
 * Returns Unix ms, or null when it is not a time. A day that its month does not have is none: Date would take the next one.
 */
export function eventTime(value: unknown): number | null {
  if (typeof value !== 'string') return null
  // What most send, 2026-01-31T12:00:00.000Z, needs no rewriting.
  const parsable = value.length === 24 && value.endsWith('Z') ? value : normalized(value)
  const parsed = Date.parse(parsable)
  return Number.isNaN(parsed) || !exists(value) ? null : parsed
}

function normalized(value: string): string {
  const zoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`
  return zoned.replace(',', '.').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
}

/** Up to the 28th every month has each day; at 24:00 Date begins the next day. */
function exists(value: string): boolean {
  const day = Number(value.slice(8, 10))
  if (day <= 28 && value[11] !== '2') return true
  const parts = FORM.exec(value)
  if (!parts) return false
  return Number(parts[4]) < 24 && day <= daysOf(Number(parts[1]), Number(parts[2]))
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
