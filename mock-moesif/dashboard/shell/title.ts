import { effect } from '@preact/signals'
import { session } from '../live/session.ts'

/** The tab tells of bad events and of a lost connection while one looks elsewhere. */
export function keepTitle(): void {
  effect(() => {
    const bad = session.counts.value?.bad ?? 0
    const marks = [session.connection.value === 'lost' ? '⚠ ' : '', bad > 0 ? `(${bad} bad) ` : '']
    document.title = `${marks.join('')}Moesif mock`
  })
}
