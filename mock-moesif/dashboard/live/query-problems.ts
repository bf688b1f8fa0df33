import { parseQuery, type QueryProblem } from '#mock-moesif/query/index.ts'

let last: { text: string; problems: QueryProblem[] } = { text: '', problems: [] }

/** What is wrong with a query; the last answer is kept, since several parts of the page ask for the same text. */
export function queryProblems(text: string): QueryProblem[] {
  if (last.text !== text) last = { text, problems: parseQuery(text).problems }
  return last.problems
}
