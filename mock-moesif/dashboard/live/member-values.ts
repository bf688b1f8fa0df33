import { signal } from '@preact/signals'
import { ask } from '../wire/mock.ts'

const atOnce = 500
const pauseMs = 50

/** By field, by event; null where the event has no such member. */
const known = new Map<string, Map<number, string | null>>()
const wanted = new Map<string, Set<number>>()
let asking: ReturnType<typeof setTimeout> | undefined

/** Changes when values have come that a row waited for, or are to be asked for again. */
export const valuesDrawn = signal(0)

/** What rows do not carry: the value of a header, or of a member of a body or metadata. Undefined when it is not known. */
export function memberValue(field: string, id: number): string | null | undefined {
  return known.get(field)?.get(id)
}

/** The same, and asks for it soon when it is not known: of rows in sight. */
export function wantedValue(field: string, id: number): string | null | undefined {
  const value = memberValue(field, id)
  if (value === undefined) {
    const ids = wanted.get(field) ?? new Set()
    wanted.set(field, ids.add(id))
    asking ??= setTimeout(() => void askWanted(), pauseMs)
  }
  return value
}

/** Reads the values that are not known yet. */
export async function loadValues(
  field: string,
  ids: readonly number[],
  abort?: AbortSignal,
): Promise<void> {
  const values = known.get(field) ?? new Map<number, string | null>()
  known.set(field, values)
  const unknown = ids.filter((id) => !values.has(id))
  for (let from = 0; from < unknown.length; from += atOnce) {
    const some = unknown.slice(from, from + atOnce)
    const query = { field, ids: some.join() }
    const found = await ask('GET /_mock/events/values', { query, signal: abort })
    for (const [index, id] of some.entries()) values.set(id, found.values[index] ?? null)
  }
}

/** Of events that the mock no longer holds, or of all. */
export function forgetValues(below = Infinity): void {
  for (const values of known.values())
    for (const id of values.keys()) if (id < below) values.delete(id)
}

async function askWanted(): Promise<void> {
  const asked = [...wanted]
  wanted.clear()
  asking = undefined
  try {
    await Promise.all(asked.map(([field, ids]) => loadValues(field, [...ids])))
    valuesDrawn.value++
  } catch {
    // Rows that are drawn again ask again.
    setTimeout(() => valuesDrawn.value++, 1000)
  }
}
