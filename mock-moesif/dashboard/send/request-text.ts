import type { RequestToSend } from '#mock-moesif/client/index.ts'
import { toBase64, toText } from '../captured/body-bytes.ts'
import type { CapturedRequest } from '../captured/captured-request.ts'
import { headersIn } from '../text/header-lines.ts'

/** A request as it is edited. */
export interface EditedRequest {
  method: string
  target: string
  /** `name: value`, a line each. */
  headers: string
  /** Null when the body is binary: then the captured bytes are sent. */
  body: string | null
  bytes: Uint8Array<ArrayBuffer> | null
}

export function editable(request: CapturedRequest): EditedRequest {
  const [, authority = '', target = ''] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?(.*)$/is.exec(request.uri) ?? []
  const named = request.headers.some(([name]) => name.toLowerCase() === 'host')
  const headers: [string, string][] =
    authority !== '' && !named ? [['host', authority], ...request.headers] : request.headers
  const path = target.replace(/#.*$/s, '')
  return {
    method: request.method,
    target: path.startsWith('/') ? path : `/${path}`,
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: request.body === null ? '' : toText(request.body),
    bytes: request.body,
  }
}

/** The request, or a sentence that says which line is invalid. */
export function requestToSend(edited: EditedRequest): RequestToSend | string {
  const headers = headersIn(edited.headers)
  if (typeof headers === 'string') return headers
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(edited.method)) return `"${edited.method}" is not a method`
  if (!/^\/[\x21-\x7e]*$/.test(edited.target))
    return 'The path begins with / and has no spaces and no letters but those of ASCII: write %20 for a space'
  const bytes = edited.body === null ? edited.bytes : new TextEncoder().encode(edited.body)
  return {
    method: edited.method,
    target: edited.target,
    headers,
    ...(bytes && bytes.length > 0 && { body: toBase64(bytes) }),
  }
}
