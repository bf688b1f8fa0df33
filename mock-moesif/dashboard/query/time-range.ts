import { address, go } from '../live/address.ts'
import { topTerms, withTerm, without } from './terms.ts'

/** Restricts the query to that time, replacing an earlier restriction. */
export function filterByTime(from: number, to: number): void {
  let query = address.peek().query
  for (const old of topTerms(query).toReversed()) {
    if (old.text.startsWith('time:')) query = without(query, old)
  }
  const range = `time:${new Date(from).toISOString()}..${new Date(to - 1).toISOString()}`
  go({ query: withTerm(query, range), event: null, compare: null })
}
