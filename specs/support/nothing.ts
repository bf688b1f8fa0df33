import { expect } from 'vitest'

/** An object without members, inside `toMatchObject`, for which `{}` stands for any object. */
export const NOTHING: unknown = expect.toSatisfy(
  (value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  'nothing in it',
)
