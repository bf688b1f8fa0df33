/** A value as JSON; one that nests deeper than JavaScript recurses is named instead. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '(nested too deeply)'
  }
}

/** The texts in which a part of a JSON value is looked for: its JSON, and each string in it that JSON writes in another way. */
export function searchableTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const json = jsonText(value)
  return json.includes('\\') ? [json, ...escapedStrings(value)] : [json]
}

function escapedStrings(value: unknown): string[] {
  const found: string[] = []
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') {
      if (jsonText(next).includes('\\')) found.push(next)
    } else if (typeof next === 'object' && next !== null) {
      for (const [name, member] of Object.entries(next)) {
        if (!Array.isArray(next)) left.push(name)
        left.push(member)
      }
    }
  }
  return found
}
