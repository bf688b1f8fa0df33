import { findField, parseQuery, type QueryProblem } from '#mock-moesif/query/index.ts'

let last: { text: string; problems: QueryProblem[] } = { text: '', problems: [] }

/** What is wrong with a query; the last answer is kept, since several parts of the page ask for the same text. */
export function queryProblems(text: string): QueryProblem[] {
  if (last.text !== text) last = { text, problems: parseQuery(text).problems }
  return last.problems
}

/** What is wrong with the name of a field, with those that are like it; empty when there is one of that name. */
export function fieldProblem(name: string): string {
  if (findField(name)) return ''
  const [problem] = parseQuery(`${name}:1`).problems
  return problem?.message ?? `there is no field "${name}"`
}
