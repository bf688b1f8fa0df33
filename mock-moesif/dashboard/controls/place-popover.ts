/** Puts an open popover below what opened it, or above where there is more room; never beyond the window's sides. */
export function placePopover(popover: HTMLElement, opener: HTMLElement): void {
  const from = opener.getBoundingClientRect()
  const { width, height } = popover.getBoundingClientRect()
  const below = from.bottom + height + 6 < innerHeight || from.top < height
  popover.style.left = `${Math.max(8, Math.min(from.left, innerWidth - width - 8))}px`
  popover.style.top = `${below ? from.bottom + 4 : from.top - height - 4}px`
}
