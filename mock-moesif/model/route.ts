const MAX_ROUTE = 1024
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i
const NUMBER = /^[-+]?\d+(?:[.,]\d+)*$/
const DATE = /^\d{4}-\d\d(?:-\d\d(?:[T ]\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?Z?)?)?$/
const HEXADECIMAL = /^(?=.*\d)[0-9a-f]{8,}$/i
/** Tokens, ULIDs, base64url: long, of letters and digits together. */
const TOKEN = /^(?=.*\d)(?=.*[a-z])[\w~-]{16,}$/i

/** Path of a URI, or of a bare path, without query and fragment. */
export function pathOf(uri: string): string {
  const rest = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return rest === '' ? '/' : rest
}

export function hostOf(uri: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(uri)?.[1] ?? null
}

/**
 * The template of a path, by the shape of its segments: numbers, UUIDs, hashes and tokens become `:id`, dates `:date`.
 *
 * @example routeOf('https://a.example/orders/8412/items/2026-11-26?x=1') // '/orders/:id/items/:date'
 */
export function routeOf(uri: string): string {
  const path = pathOf(uri).slice(0, MAX_ROUTE)
  // Every shape that is replaced has a digit.
  if (!/\d/.test(path)) return path
  return path
    .split('/')
    .map((segment) => shapeOf(segment))
    .join('/')
}

function shapeOf(segment: string): string {
  if (segment === '' || segment.startsWith(':')) return segment
  if (DATE.test(segment)) return ':date'
  if (NUMBER.test(segment) || UUID.test(segment)) return ':id'
  if (HEXADECIMAL.test(segment) || TOKEN.test(segment)) return ':id'
  return segment
}
