import { statusClass } from '../live/timeline.ts'

const known = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])

export function Method({ verb }: { verb: string | null }) {
  if (!verb) return <span class="faint">–</span>
  return <span class={`method ${known.has(verb) ? verb.toLowerCase() : 'other'}`}>{verb}</span>
}

export function Status({ status }: { status: number | null }) {
  if (status === null) {
    return (
      <span class="faint" title="The event has no response">
        none
      </span>
    )
  }
  return <span class={`status s${statusClass(status)}`}>{status}</span>
}
