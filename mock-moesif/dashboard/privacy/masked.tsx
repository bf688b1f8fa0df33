/** What the plugin writes instead of a masked value. */
const MASK = '*****'

export const isMasked = (text: string): boolean => text.includes(MASK)

/** Stands behind a value that is masked, or a part of it. */
export function MaskedMark({ text }: { text: string }) {
  return isMasked(text) ? <i class="masked">masked</i> : null
}
