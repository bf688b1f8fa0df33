import { Type } from 'typebox'
import { count, exact } from '../model/shapes.ts'

const MAX_PAGE = 5000

export const app = Type.Optional(
  Type.String({ description: 'Only this application; all by default', minLength: 1 }),
)
export const filter = Type.Optional(
  Type.String({
    description: 'A query in the language of docs/testing.md',
    format: 'moesif-query',
    examples: ['status:>=500 verb:POST -path:/health (user:u1 OR user:u2)'],
  }),
)
export const paging = {
  limit: Type.Optional(
    Type.Integer({
      description: 'Rows of a page',
      minimum: 0,
      maximum: MAX_PAGE,
      default: 100,
    }),
  ),
  before: Type.Optional(count({ description: 'Ids below this, newest first' })),
  after: Type.Optional(count({ description: 'Ids above this, oldest first' })),
}
export const uncounted = Type.Optional(
  Type.Boolean({
    description: 'Leaves `total` null, and does not count the matches that are not on the page',
    default: false,
  }),
)
export const idInPath = exact({ id: count() })
export const pageOf = <Item extends Type.TSchema>(title: string, item: Item) =>
  exact(
    {
      items: Type.Array(item),
      total: Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        description: 'All matches, not only this page; null when the call was `uncounted`',
      }),
      next: Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        description:
          'Pass as `before` (newest first) or `after` (oldest first) for the next page; null at the end',
      }),
    },
    { title },
  )
