import type { Value } from './read-row.ts'

/** Code points of a key: of a value that is as long or longer, the start and `…`. */
export const MAX_KEY = 500

/** A value as the key of a group, whether a column or the event has it. */
export function groupKey(value: Value | null): string | null {
  return value === null ? null : shortened(String(value))
}

/** @note cut between code points: half a surrogate pair could not be asked for in a URL */
function shortened(text: string): string {
  if (text.length < MAX_KEY - 1) return text
  const points = Array.from(text.slice(0, 2 * MAX_KEY)).slice(0, MAX_KEY - 1)
  return points.length < MAX_KEY - 1 ? text : `${points.join('')}…`
}
