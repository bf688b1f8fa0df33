/**
 * The rules, with others that stood among them: each behind the nearest that was before it and is still there. Their order
 * says which of them wins.
 */
export function inPlace<T>(
  rules: readonly T[],
  others: readonly T[],
  order: readonly string[],
  idOf: (rule: T) => string,
): T[] {
  const all = [...rules]
  for (const rule of others) {
    const rank = order.indexOf(idOf(rule))
    const before = new Set(order.slice(0, Math.max(0, rank)))
    const at = rank < 0 ? all.length : all.findLastIndex((one) => before.has(idOf(one))) + 1
    all.splice(at, 0, rule)
  }
  return all
}
