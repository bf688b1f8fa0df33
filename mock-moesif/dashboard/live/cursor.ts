import { signal } from '@preact/signals'

/** Id of the row the keyboard is at; it stays with its event while rows come and go. */
export const cursor = signal<number | null>(null)

/** First event of a comparison, waiting for the second. */
export const marked = signal<number | null>(null)
