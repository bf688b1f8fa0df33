import { computed, signal } from '@preact/signals'

/** Unsaved text, by document; kept when the view is left. */
const drafts = signal<ReadonlyMap<string, string>>(new Map())

/** Whether closing the page would lose unsaved text. */
export const unsaved = computed(() => drafts.value.size > 0)

export function draftOf(document: string): string | undefined {
  return drafts.value.get(document)
}

/** @param text undefined when what is shown is what is saved */
export function keepDraft(document: string, text: string | undefined): void {
  const next = new Map(drafts.peek())
  if (text === undefined) next.delete(document)
  else next.set(document, text)
  drafts.value = next
}

addEventListener('beforeunload', (event) => {
  if (unsaved.peek()) event.preventDefault()
})
