import { signal } from '@preact/signals'

/** How often the mock was back after it had not answered: what is shown is read again then, and what could not be read. */
export const reconnects = signal(0)
