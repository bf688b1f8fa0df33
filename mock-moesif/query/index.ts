export type { Group, QueryProblem } from './ast.ts'
export { failedConditions, matches, needsEvent, type Subject } from './evaluate.ts'
export { completeField, fields, findField, type Field, type FieldKind } from './fields.ts'
export { parseQuery, type ParsedQuery } from './parse.ts'
