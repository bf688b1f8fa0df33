import { fromBase64, toText } from './body-bytes.ts'
import { shapeOf } from './event-shape.ts'

/** Headers that curl writes by itself, or that concern one connection only. */
const own = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'accept-encoding',
])

/** The captured request as a command line for a POSIX shell. */
export function asCurl(event: unknown): string {
  const { request } = shapeOf(event)
  const words = [`curl -X ${quote(request.verb ?? 'GET')} ${quote(request.uri ?? '')}`]
  for (const [name, value] of request.headers) {
    if (!name.startsWith(':') && !own.has(name.toLowerCase()))
      words.push(`-H ${quote(`${name}: ${value}`)}`)
  }
  const body = bodyText(request.body, request.transferEncoding)
  if (body !== null) words.push(`--data-raw ${quote(body)}`)
  return words.join(' \\\n  ')
}

function bodyText(body: unknown, encoding: string | null): string | null {
  if (body === undefined || body === null || body === '') return null
  if (typeof body !== 'string') return JSON.stringify(body)
  if (encoding !== 'base64') return body
  const bytes = fromBase64(body)
  return bytes && toText(bytes)
}

/** Everything inside single quotes is literal to a shell but the quote itself. */
function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
