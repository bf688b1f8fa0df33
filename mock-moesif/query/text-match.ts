/** Two letters whose lower case is ASCII, which SQLite's NOCASE does not know: they stay as they are. */
const EXCEPTIONS = /[\u0130\u212a]/

/** Letter case apart. A query means the same in the database and here: for ASCII texts as SQLite's NOCASE. */
export function fold(text: string): string {
  if (!EXCEPTIONS.test(text)) return text.toLowerCase()
  return text
    .split(/([\u0130\u212a])/)
    .map((part) => (EXCEPTIONS.test(part) ? part : part.toLowerCase()))
    .join('')
}

/** Whether SQLite's NOCASE would compare a text as `fold` does. */
export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text)
}

/**
 * Whether `text` is `pattern`, letter case apart; `*` in the pattern stands for anything.
 * Linear in both: no regular expression, which a hostile pattern could make exponential.
 */
export function globMatches(pattern: string, text: string): boolean {
  return globMatchesFolded(pattern, fold(text))
}

/** `globMatches` of a text that is folded already. */
export function globMatchesFolded(pattern: string, subject: string): boolean {
  const parts = fold(pattern).split('*')
  const first = parts[0]!
  if (parts.length === 1) return subject === first
  const last = parts.at(-1)!
  if (!subject.startsWith(first)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = subject.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return subject.length - last.length >= at && subject.endsWith(last)
}
