import { parseQuery } from './parse.ts'

/** The query with one more term; an OR at the top is bracketed first. A query without problems has none with a term added. */
export function withTerm(text: string, added: string): string {
  const base = text.trim()
  if (!base) return added
  const { root } = parseQuery(base)
  return root.type === 'or' ? `(${text}) ${added}` : `${base} ${added}`
}
