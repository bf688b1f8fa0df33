import { go } from '../live/address.ts'

/** Back to the list, with the focus where it was. */
export function closeDetail(): void {
  go({ event: null, compare: null })
  document.querySelector<HTMLElement>('.list')?.focus()
}
