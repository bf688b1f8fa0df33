/** A number whose JSON is not what JavaScript makes of it: beyond 2^53, `1.0`, `1e400`, `-0`. `JSON.stringify` writes it as it was. */
export interface ExactNumber {
  readonly rawJSON: string
}

/** @note Not in all browsers that are otherwise new enough: there numbers are as JavaScript has them. */
const { rawJSON, isRawJSON } = JSON as {
  rawJSON?: (text: string) => ExactNumber
  isRawJSON?: (value: unknown) => value is ExactNumber
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return isRawJSON?.(value) ?? false
}

/** Parses JSON without changing a number in it. */
export function parseExactly(text: string): unknown {
  try {
    return JSON.parse(text, exactly)
  } catch {
    // What nests too deeply for a reviver is parsed without; what is not JSON throws once more.
    return JSON.parse(text)
  }
}

/** How many names in a JSON text stand in an object that has them already: parsed, the last of each remains. */
export function repeatedNames(text: string, parsed: unknown): number {
  const written = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"\s*:?/gs) ?? []
  let names = written.filter((one) => one.endsWith(':')).length
  const waiting = [parsed]
  for (const one of waiting) {
    if (typeof one !== 'object' || one === null || isExactNumber(one)) continue
    const members = Object.values(one)
    if (!Array.isArray(one)) names -= members.length
    for (const member of members) waiting.push(member)
  }
  return names
}

function exactly(_name: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source && source !== String(value)
    ? (rawJSON?.(source) ?? value)
    : value
}
