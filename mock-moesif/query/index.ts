export type { Group, QueryProblem } from './ast.ts'
export { failedConditions, matches, needsEvent } from './evaluate.ts'
export { completeField, fields, findField, type Field } from './fields.ts'
export { parseQuery } from './parse.ts'
