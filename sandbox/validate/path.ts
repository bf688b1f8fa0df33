export type Path = readonly (string | number)[]

/** The value at a path, undefined where there is none. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => member(inner, spelling(inner, key)), value)
}

/** The path with each key spelled as the value has it. */
export function spelled(value: unknown, path: Path): Path {
  let inner = value
  return path.map((key) => {
    const own = spelling(inner, key)
    inner = member(inner, own)
    return own
  })
}

export const textAt = (value: unknown, path: Path): string | undefined => {
  const found = at(value, path)
  return typeof found === 'string' ? found : undefined
}

export const listAt = (value: unknown, path: Path): unknown[] => {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every path in a value whose own value meets the condition. */
export function pathsWhere(
  value: unknown,
  meets: (value: Record<string, unknown>) => boolean,
  path: Path = [],
): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const found: Path[] = isObject(value) && meets(value) ? [path] : []
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key
    found.push(...pathsWhere(inner, meets, [...path, step]))
  }
  return found
}

const member = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined

/** @note a field of a protobuf message may be written as `fail_open` or as `failOpen`. */
function spelling(value: unknown, key: string | number): string | number {
  if (typeof key === 'number' || !key.includes('_')) return key
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, key)) return key
  const camelCase = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return Object.hasOwn(value, camelCase) ? camelCase : key
}
