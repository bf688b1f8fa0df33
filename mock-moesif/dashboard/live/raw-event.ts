import { effect, signal } from '@preact/signals'
import { askRaw } from '../wire/mock.ts'
import { reconnects } from '../wire/reconnects.ts'
import { record } from './open-event.ts'

/** The open event's JSON byte for byte: numbers, spaces and order of names are as they were captured. */
const raw = signal<{ id: number; text: string } | null>(null)
let reading: Promise<void> = Promise.resolve()

effect(() => {
  const id = record.value?.id
  void reconnects.value
  if (id === undefined) return undefined
  const closed = new AbortController()
  reading = read(id, closed.signal)
  return () => closed.abort()
})

async function read(id: number, closed: AbortSignal): Promise<void> {
  try {
    const path = { id }
    const { text } = await askRaw('GET /_mock/events/{id}/raw', { path, signal: closed })
    raw.value = { id, text }
  } catch {
    // The event itself is shown; only its exact text is not known.
  }
}

/** The exact text of the open event; until it is here, or when it can't be had, what it parses to. */
export function rawText(): string {
  const open = record.value
  return raw.value?.id === open?.id && raw.value ? raw.value.text : JSON.stringify(open?.event)
}

/** The same once it has been read. */
export async function whenRaw(): Promise<string> {
  await reading
  return rawText()
}
