import { Type } from 'typebox'

/** An object that has these members and no others. */
export function exact<Properties extends Type.TProperties>(
  properties: Properties,
  options: Type.TObjectOptions = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

interface Described {
  description?: string
}

export const textOrNull = (options: Described = {}) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], ...options })

export const integerOrNull = (options: Described = {}) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], ...options })

/** A count, an id or a time in Unix ms: what a double holds exactly. */
export const count = (options: Described & { minimum?: number; default?: number } = {}) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...options })

export const mapOf = <Value extends Type.TSchema>(value: Value, options: Described = {}) =>
  Type.Unsafe<Record<string, Type.Static<Value>>>({
    type: 'object',
    additionalProperties: value,
    ...options,
  })

export const nullOr = <Value extends Type.TSchema>(value: Value) => Type.Union([value, Type.Null()])
