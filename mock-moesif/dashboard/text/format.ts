const two = (number: number) => String(number).padStart(2, '0')

/** Local wall clock with milliseconds: Intl is too slow for a list that redraws every frame. */
export function clock(unixMs: number | null): string {
  if (unixMs === null) return '–'
  const date = new Date(unixMs)
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

export function shortClock(unixMs: number): string {
  return clock(unixMs).slice(0, 8)
}

export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  if (count < 10_000) return `${(count / 1000).toFixed(1)} kB`
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}

export function amount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${amount(count)} ${count === 1 ? one : many}`
}
