import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { at } from '../validate/path.ts'

const isObject = (value: unknown): value is EnvoyJson => typeof value === 'object' && value !== null

const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/** A field of a message, which may be written `snake_case` or `camelCase`; undefined when it is null. */
export const field = (message: unknown, ...path: string[]): unknown =>
  at(message, path) ?? undefined

/** The field as a list of messages; empty when it is none. */
export function messages(message: unknown, ...path: string[]): EnvoyJson[] {
  const value = field(message, ...path)
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** Sets a field, whichever way it was written before; `undefined` removes it. */
export function setField(message: EnvoyJson, name: string, value: unknown): void {
  delete message[camelCase(name)]
  if (value === undefined) delete message[name]
  else message[name] = value
}

/** Every message inside, at any depth, with the field names and indices that lead to it. */
export function* messagesWithin(
  value: unknown,
  path: readonly string[] = [],
): Generator<{ message: EnvoyJson; path: readonly string[] }> {
  if (!isObject(value)) return
  if (!Array.isArray(value)) yield { message: value, path }
  for (const [name, inner] of Object.entries(value)) yield* messagesWithin(inner, [...path, name])
}
