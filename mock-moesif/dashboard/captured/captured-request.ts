import { fromBase64, toText } from './body-bytes.ts'
import { headerOf, isLeftOut, shapeOf } from './event-shape.ts'
import { rawMember } from './raw-member.ts'

/** A captured request as it can be sent again. */
export interface CapturedRequest {
  method: string
  /** As captured; without a host when the event has only a path. */
  uri: string
  headers: [name: string, value: string][]
  body: Uint8Array<ArrayBuffer> | null
  /** What of it is not as it was sent. */
  remark: string | null
}

/** Written anew for each connection and message, or by proxies: sent again they would be wrong. */
const notTheClients =
  /^(?::.*|connection|keep-alive|proxy-connection|transfer-encoding|te|upgrade|content-length|x-envoy-.*|x-forwarded-(?:for|proto|port|host|client-cert)|x-request-id)$/i

/** @param raw the event's JSON as it came: a body that is JSON is in it byte for byte */
export function capturedRequest(event: unknown, raw: string): CapturedRequest {
  const { request } = shapeOf(event)
  const uri = request.uri ?? ''
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1] ?? ''
  const { body, remark } = bodyOf(request.body, request.transferEncoding, raw)
  const encoding = headerOf(request, 'content-encoding')
  const decoded =
    encoding !== '' && encoding !== 'identity' && body !== null && isDecoded(body, encoding)
  return {
    method: request.verb ?? 'GET',
    uri,
    headers: request.headers.filter(
      ([name, value]) =>
        !notTheClients.test(name) &&
        !(/^host$/i.test(name) && value === authority) &&
        !(decoded && /^content-encoding$/i.test(name)),
    ),
    body,
    remark: decoded
      ? `The body was captured decoded: content-encoding: ${encoding} is left out.`
      : remark,
  }
}

/** No compressed body is text, and gzip begins with two bytes of its own. */
function isDecoded(body: Uint8Array, encoding: string): boolean {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b
  return toText(body) !== null || (/^(x-)?gzip$/i.test(encoding) && !isGzip)
}

type Body = Pick<CapturedRequest, 'body' | 'remark'>
const none = (reason: string | null): Body => ({
  body: null,
  remark: reason && `The body is not in it: ${reason}.`,
})

function bodyOf(body: unknown, encoding: string | null, raw: string): Body {
  if (body === undefined) return none(null)
  if (isLeftOut(body)) return none(body.msg)
  if (encoding === 'base64' && typeof body === 'string') {
    const bytes = fromBase64(body)
    return bytes ? { body: bytes, remark: null } : none('its base64 is broken')
  }
  // Clients other than the plugin write text as it is, without saying how it is encoded.
  const text =
    typeof body === 'string' && encoding !== 'json'
      ? body
      : (rawMember(raw, ['request', 'body']) ?? JSON.stringify(body))
  if (body === null && encoding !== 'json') return none(null)
  return { body: new TextEncoder().encode(text), remark: null }
}
