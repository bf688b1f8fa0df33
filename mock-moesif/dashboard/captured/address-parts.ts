/** Which parts of a URI are emphasized. Accepts any text: captured URIs may be invalid. */
export interface AddressParts {
  origin: string
  path: string
  query: string
}

export function addressParts(uri: string | null): AddressParts {
  const text = uri ?? ''
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(text)?.[0] ?? ''
  const rest = text.slice(origin.length)
  const mark = rest.search(/[?#]/)
  const path = mark < 0 ? rest : rest.slice(0, mark)
  return { origin, path: path || (origin ? '/' : ''), query: mark < 0 ? '' : rest.slice(mark) }
}
