/** Reads untyped documents: a value of another type is as good as none. */
export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objectAt = (value: unknown, ...keys: string[]): JsonObject | undefined => {
  const found = valueAt(value, ...keys)
  return isObject(found) ? found : undefined
}

export const stringAt = (value: unknown, ...keys: string[]): string | undefined => {
  const found = valueAt(value, ...keys)
  return typeof found === 'string' ? found : undefined
}

export const listAt = (value: unknown, ...keys: string[]): unknown[] => {
  const found = valueAt(value, ...keys)
  return Array.isArray(found) ? found : []
}

export const valueAt = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)
