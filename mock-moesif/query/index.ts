export type { Group, QueryProblem } from './ast.ts'
export {
  evaluation,
  failedConditions,
  matches,
  matchesRow,
  needsEvent,
  type Steps,
} from './evaluate.ts'
export {
  beginningOf,
  completeField,
  exampleOf,
  fields,
  findField,
  isGroupable,
  type Field,
} from './fields.ts'
export { groupKey } from './group-key.ts'
export { groupKeys, readKey } from './read-event.ts'
export { parseQuery } from './parse.ts'
export { withTerm } from './with-term.ts'
export { groupTerm, termOf } from './write-term.ts'
