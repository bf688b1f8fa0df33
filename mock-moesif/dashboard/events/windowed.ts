export const rowHeight = 28
const overscan = 4

/** The rows to draw of a list of fixed row height: from `first` up to, not including, `end`. */
export function windowOf(
  count: number,
  scrollTop: number,
  height: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscan)
  return { first: Math.min(first, end), end }
}

/** Where to scroll so that the row is in view below a header as high as a row; null when it is already. */
export function scrollToShow(index: number, scrollTop: number, height: number): number | null {
  const top = index * rowHeight
  const room = height - rowHeight
  if (top < scrollTop) return top
  if (top + rowHeight > scrollTop + room) return top + rowHeight - room
  return null
}
