import { statusClass } from '../live/timeline.ts'

const known = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

export function methodClass(verb: string | null): string {
  if (!verb) return 'faint'
  return `method ${known.has(verb) ? verb.toLowerCase() : 'other'}`
}

/** An event without a response has no status. */
export function statusClassName(status: number | null): string {
  return status === null ? 'faint' : `status s${statusClass(status)}`
}

export function Method({ verb }: { verb: string | null }) {
  return <span class={methodClass(verb)}>{verb ?? '–'}</span>
}

export function Status({ status }: { status: number | null }) {
  return <span class={statusClassName(status)}>{status ?? 'none'}</span>
}
