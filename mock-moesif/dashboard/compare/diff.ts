import { isExactNumber } from '../captured/exact-json.ts'

/** One place where two JSON values differ; `undefined` where one of them has nothing. */
export interface Difference {
  /** JSON pointer. */
  pointer: string
  left: unknown
  right: unknown
}

/** Differences in the order of the left value, then what only the right has. Arrays are compared place by place. */
export function differences(left: unknown, right: unknown, pointer = ''): Difference[] {
  if (Object.is(left, right)) return []
  if (isExactNumber(left) && isExactNumber(right) && left.rawJSON === right.rawJSON) return []
  if (!isBranch(left) || !isBranch(right) || Array.isArray(left) !== Array.isArray(right))
    return [{ pointer, left, right }]
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].flatMap((name) =>
    differences(
      own(left, name),
      own(right, name),
      `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    ),
  )
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isExactNumber(value)
}

/** Captured keys may be named like what every object inherits. */
function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}
