/** One mistake a user could make in an example: this text instead of that. */
export interface Mutation {
  name: string
  file: string
  from: string
  to: string
  /** What the check must say about it. */
  says: RegExp
}

/** The text with the mistake in it, and the line it stands in (from 1). */
export function mutate(text: string, { name, from, to }: Mutation): { text: string; line: number } {
  const at = text.indexOf(from)
  if (at < 0) throw new Error(`${name}: the example has no "${from}"`)
  return {
    text: text.slice(0, at) + to + text.slice(at + from.length),
    line: text.slice(0, at).split('\n').length,
  }
}
