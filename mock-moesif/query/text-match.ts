/** ASCII only, as SQLite's NOCASE: a query means the same in the database and here. */
export function fold(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
}

/**
 * Whether `text` is `pattern`, letter case apart; `*` in the pattern stands for anything.
 * Linear in both: no regular expression, which a hostile pattern could make exponential.
 */
export function globMatches(pattern: string, text: string): boolean {
  const parts = fold(pattern).split('*')
  const subject = fold(text)
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
