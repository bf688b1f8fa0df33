import { Span, copyOf } from './span'

/** Replaces a text by its own copy of the bytes. */
export function setText(text: Span, start: usize, length: u32): void {
  if (text.start) heap.free(text.start)
  text.set(copyOf(start, length), length)
}

export function clearText(text: Span): void {
  if (text.start) heap.free(text.start)
  text.clear()
}

/** Gives back the text and its span. */
export function freeText(text: Span): void {
  if (text.start) heap.free(text.start)
  heap.free(changetype<usize>(text))
}
