import { isExactNumber } from './exact-json.ts'

type Members = Record<string, unknown>

export function isMembers(value: unknown): value is Members {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
  )
}

/** The members of what should be an object; none when it is something else: a document may be served that is wrong. */
export function asMembers<Shape extends object>(value: Shape | null | undefined): Partial<Shape>
export function asMembers(value: unknown): Members
export function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {}
}

/** The entries of what should be a list. */
export function asList<Entry>(value: readonly Entry[] | null | undefined): readonly Entry[] {
  return Array.isArray(value) ? value : []
}
