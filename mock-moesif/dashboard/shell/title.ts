import { effect } from '@preact/signals'
import { session } from '../live/session.ts'

/** The title of the tab shows bad events and a lost connection. */
export function keepTitle(): void {
  effect(() => {
    const bad = session.counts.value?.bad ?? 0
    const marks = [session.connection.value === 'lost' ? '⚠ ' : '', bad > 0 ? `(${bad} bad) ` : '']
    document.title = `${marks.join('')}Moesif mock`
  })
}
