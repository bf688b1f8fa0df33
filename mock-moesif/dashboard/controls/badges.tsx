import type { EventSummary } from '#mock-moesif/client/index.ts'

const known = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

export function methodClass(verb: string | null): string {
  if (!verb) return 'faint'
  return `method ${known.has(verb) ? verb.toLowerCase() : 'other'}`
}

/** An event without a response has no status. */
export function statusClassName(status: number | null): string {
  return status === null
    ? 'faint'
    : `status s${status < 200 || status > 599 ? 0 : Math.floor(status / 100) - 1}`
}

/** A bad event may have an invalid status: its detail shows it. */
export function missingStatus({ verdict }: EventSummary): string {
  return verdict === 'bad' ? '–' : 'none'
}

/** Why its time is marked. */
export function arrivalOnly({ time }: EventSummary): string | undefined {
  return time === null ? 'When it arrived: it has no valid time' : undefined
}

export function Method({ verb }: { verb: string | null }) {
  return <span class={methodClass(verb)}>{verb ?? '–'}</span>
}

/** @param missing what to say of an event without a status: not every such event is without a response */
export function Status({ status, missing }: { status: number | null; missing: string }) {
  return <span class={statusClassName(status)}>{status ?? missing}</span>
}
