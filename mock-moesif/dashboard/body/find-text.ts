/** Highlights a text in a part of the page without changing the page, and returns how often it occurs. */
export class TextFinder {
  readonly #place: HTMLElement
  #ranges: Range[] = []
  #at = -1

  constructor(place: HTMLElement) {
    this.#place = place
  }

  /** Returns how many were found. */
  find(text: string): number {
    this.#ranges = text === '' ? [] : rangesOf(this.#place, text.toLowerCase())
    this.#at = -1
    CSS.highlights.set('found', new Highlight(...this.#ranges))
    CSS.highlights.delete('found-here')
    return this.#ranges.length
  }

  /** Goes to the next one, or with -1 to the one before; returns which it is, from 1. */
  step(by: 1 | -1): number {
    const { length } = this.#ranges
    if (length === 0) return 0
    this.#at = this.#at < 0 && by < 0 ? length - 1 : (this.#at + by + length) % length
    const range = this.#ranges[this.#at]
    if (range) {
      CSS.highlights.set('found-here', new Highlight(range))
      range.startContainer.parentElement?.scrollIntoView({ block: 'nearest' })
    }
    return this.#at + 1
  }

  clear(): void {
    CSS.highlights.delete('found')
    CSS.highlights.delete('found-here')
  }
}

/** Only within one node: a name and its value are two. */
function rangesOf(place: HTMLElement, text: string): Range[] {
  const ranges: Range[] = []
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const hay = node.nodeValue?.toLowerCase() ?? ''
    for (let at = hay.indexOf(text); at >= 0; at = hay.indexOf(text, at + text.length)) {
      const range = new Range()
      range.setStart(node, at)
      range.setEnd(node, at + text.length)
      ranges.push(range)
    }
  }
  return ranges
}
