import { Type } from 'typebox'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A body of a request or an answer; for types other than JSON the schema only describes the text. */
export interface Content<Schema extends Type.TSchema = Type.TSchema> {
  description: string
  schema?: Schema
  /** `application/json` by default. */
  types?: readonly string[]
  /** Whether a body may be left out. */
  optional?: boolean
}

/** One call of the test API: the source of its types, of the check of its arguments and of its description. */
export interface Operation {
  id: string
  tag: string
  summary: string
  /** Parameters of the query string: an object of text, integers and booleans. */
  query?: Type.TObject
  headers?: Type.TObject
  /** Parameters in the path. */
  path?: Type.TObject
  body?: Content
  /** By status. What is not here is an `Error`. */
  answers: Record<number, Content>
}

/** Keeps the exact type of a table of operations, which are named `METHOD /path/{parameter}`. */
export function operations<const Table extends Record<`${Method} /_mock/${string}`, Operation>>(
  table: Table,
): Table {
  return table
}

export const answers = <Schema extends Type.TSchema>(description: string, schema: Schema) => ({
  description,
  schema,
})

export const done = { description: 'Done' }
/** Every answer from 400 on, unless its operation says otherwise. */
export const ErrorAnswer = Type.Object(
  { error: Type.String({ description: 'What is wrong, and what to change' }) },
  { title: 'Error' },
)
export type ErrorAnswer = Type.Static<typeof ErrorAnswer>
export const problem = answers('What is wrong, and what to change', ErrorAnswer)
