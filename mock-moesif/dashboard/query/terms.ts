import { parseQuery } from '#mock-moesif/query/index.ts'

export { termOf as term, withTerm } from '#mock-moesif/query/index.ts'

/** The terms that can be switched off one by one: those joined by AND at the top. */
export function topTerms(text: string): { text: string; start: number; end: number }[] {
  const { root, problems } = parseQuery(text)
  if (problems.length > 0 || root.type !== 'and') return []
  return root.children.map(({ start, end }) => ({ text: text.slice(start, end), start, end }))
}

export function without(text: string, { start, end }: { start: number; end: number }): string {
  return `${text.slice(0, start)} ${text.slice(end)}`.replace(/ {2,}/g, ' ').trim()
}
