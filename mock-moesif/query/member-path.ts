const MAX_NAMES = 50

/** The names in a path of members, which are parted by dots; a dot in a quoted name belongs to it: `plan."a.b"`. */
export function namesIn(path: string): string[] {
  if (!path.includes('"')) return path.split('.', MAX_NAMES)
  const written = path.matchAll(/(?<=^|\.)(?:"((?:[^"\\]|\\.)*)"(?=\.|$)|[^.]*)/gs)
  return [...written]
    .slice(0, MAX_NAMES)
    .map(([text, quoted]) => quoted?.replace(/\\(.)/gs, '$1') ?? text)
}
