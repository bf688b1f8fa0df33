import { computed, signal } from '@preact/signals'

/** What was typed and not saved, by document: it outlives the view, so that looking elsewhere loses nothing. */
const drafts = signal<ReadonlyMap<string, string>>(new Map())

/** Whether there is something that closing the page would lose. */
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
