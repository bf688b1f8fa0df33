import { signal } from '@preact/signals'

/** Id of the event whose request is being edited, to be sent again. */
export const sendingAgain = signal<number | null>(null)
