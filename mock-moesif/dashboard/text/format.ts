import { utc } from '../live/preferences.ts'

const two = (number: number) => String(number).padStart(2, '0')

/** Fields of a time where the reader wants it; Intl is too slow for a list that redraws every frame. */
function fieldsOf(unixMs: number): { date: string; time: string; ms: string } {
  const offset = utc.value ? 0 : new Date(unixMs).getTimezoneOffset() * 60_000
  const text = new Date(unixMs - offset).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 19), ms: text.slice(20, 23) }
}

/** Wall clock with milliseconds; of another day than today with its date, and without them. */
export function clock(unixMs: number | null): string {
  if (unixMs === null) return '–'
  const { date, time, ms } = fieldsOf(unixMs)
  const today = fieldsOf(Date.now()).date
  if (date === today) return `${time}.${ms}`
  return date.slice(0, 4) === today.slice(0, 4)
    ? `${date.slice(5)} ${time}`
    : `${date} ${time.slice(0, 5)}`
}

/** When an event was; of one without a valid time when it arrived, marked as such. */
export function eventClock(
  { time, receivedAt }: { time: number | null; receivedAt: number },
  write: (unixMs: number) => string = clock,
): string {
  return time === null ? `≈${write(receivedAt)}` : write(time)
}

/** The same to the second, or to the minute of another day. */
export function shortClock(unixMs: number): string {
  const { date, time } = fieldsOf(unixMs)
  return date === fieldsOf(Date.now()).date ? time : `${date.slice(5)} ${time.slice(0, 5)}`
}

/** What the times on the page are: `UTC`, or how far from it. */
export function zoneName(): string {
  if (utc.value) return 'UTC'
  const minutes = -new Date().getTimezoneOffset()
  const hours = Math.floor(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `local, UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${two(rest)}` : ''}`
}

export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} min`
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${amount(minutes / 1440)} days`
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  if (count < 10_000) return `${(count / 1000).toFixed(1)} kB`
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}

/** A part of a whole: `12 %`, `0.4 %`. */
export function percent(part: number | null): string {
  if (part === null) return '–'
  const hundredths = part * 100
  return `${hundredths > 0 && hundredths < 10 ? hundredths.toFixed(1) : Math.round(hundredths)} %`
}

export function amount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${amount(count)} ${count === 1 ? one : many}`
}
