/** The text of one value inside a JSON text, exactly as it stands there: spaces, order and digits of numbers included. */
export function rawMember(json: string, path: readonly string[]): string | undefined {
  let at = skipSpace(json, 0)
  for (const name of path) {
    const found = memberAt(json, at, name)
    if (found === undefined) return undefined
    at = found
  }
  return json.slice(at, valueEnd(json, at))
}

/** Where the value of a member of the object at `at` begins; the last of several of that name, as `JSON.parse` has it. */
function memberAt(json: string, at: number, wanted: string): number | undefined {
  if (json[at] !== '{') return undefined
  let found: number | undefined
  at = skipSpace(json, at + 1)
  while (json[at] === '"') {
    const nameEnd = valueEnd(json, at)
    const name = JSON.parse(json.slice(at, nameEnd)) as string
    // Past the colon.
    at = skipSpace(json, skipSpace(json, nameEnd) + 1)
    if (name === wanted) found = at
    at = skipSpace(json, valueEnd(json, at))
    if (json[at] === ',') at = skipSpace(json, at + 1)
  }
  return found
}

/** @param at the first character of a value of valid JSON */
function valueEnd(json: string, at: number): number {
  let depth = 0
  for (; at < json.length; at++) {
    const letter = json[at]
    if (letter === '"') {
      for (at++; at < json.length && json[at] !== '"'; at++) if (json[at] === '\\') at++
      if (depth === 0) return at + 1
    } else if (letter === '{' || letter === '[') depth++
    else if (letter === '}' || letter === ']') {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    } else if (depth === 0 && (letter === ',' || /\s/.test(letter ?? ''))) return at
  }
  return at
}

function skipSpace(json: string, at: number): number {
  while (/\s/.test(json[at] ?? '')) at++
  return at
}
