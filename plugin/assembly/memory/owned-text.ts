import { Span, copyOf } from './span'

// Address 0, of a text that there is none of, is no block of the allocator: giving it back does nothing.

/** Replaces a text by its own copy of the bytes. */
export function setText(text: Span, start: usize, length: u32): void {
  heap.free(text.start)
  text.set(copyOf(start, length), length)
}

export function clearText(text: Span): void {
  heap.free(text.start)
  text.clear()
}

/** Gives back the text and its span. */
export function freeText(text: Span): void {
  heap.free(text.start)
  heap.free(changetype<usize>(text))
}
