import type { EventRecord, TrySpec } from '#mock-moesif/client/index.ts'
import { fromBase64, toText } from '../captured/body-bytes.ts'
import { headersIn } from '../text/header-lines.ts'
import { asText, isLeftOut, type Message, shapeOf } from '../captured/event-shape.ts'

/** A call as it is edited. */
export interface EditedCall {
  /** The event it was taken from. */
  event: EventRecord | null
  verb: string
  uri: string
  user: string
  company: string
  ip: string
  /** `name: value`, a line each. */
  headers: string
  /** Null as long as it is the event's, byte for byte. */
  body: string | null
  upstreamStatus: string
}

export function newCall(): EditedCall {
  return {
    event: null,
    verb: 'GET',
    uri: '/',
    user: '',
    company: '',
    ip: '',
    headers: '',
    body: '',
    upstreamStatus: '200',
  }
}

export function callOf(event: EventRecord): EditedCall {
  const { request, response, rest } = shapeOf(event.event)
  const member = (name: string) => asText(rest.find(([other]) => other === name)?.[1] ?? '')
  const left = isLeftOut(request.body)
  // The mock does not read bad events: it gets the call itself.
  const readable = event.verdict !== 'bad' && !left
  return {
    event: readable ? event : null,
    verb: request.verb ?? 'GET',
    uri: request.uri ?? '/',
    user: member('user_id'),
    company: member('company_id'),
    ip: asText(request.rest.find(([name]) => name === 'ip_address')?.[1] ?? ''),
    headers: request.headers
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    body: readable ? null : left ? '' : bodyText(request),
    upstreamStatus: String(Math.min(599, Math.max(200, response?.status ?? 200))),
  }
}

/** Of what is not edited as it came, for the eye. */
export function shownBody({ body, event }: EditedCall): string {
  return body ?? bodyText(shapeOf(event?.event).request)
}

function bodyText({ body, transferEncoding }: Message): string {
  if (body === undefined || body === null) return ''
  if (transferEncoding === 'base64' && typeof body === 'string') {
    const bytes = fromBase64(body)
    return (bytes && toText(bytes)) ?? body
  }
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2)
}

/** The request, or a sentence that says what is wrong with it. */
export function specOf(call: EditedCall): TrySpec | string {
  const headers = headersIn(call.headers)
  if (typeof headers === 'string') return headers
  const status = Number(call.upstreamStatus)
  if (!(status >= 200 && status < 600)) return 'The upstream answers with a status from 200 to 599'
  return {
    ...(call.event && { eventId: call.event.id }),
    verb: call.verb.trim() || 'GET',
    uri: call.uri.trim() || '/',
    headers: Object.fromEntries(headers),
    userId: call.user.trim(),
    companyId: call.company.trim(),
    ...(call.ip.trim() && { ipAddress: call.ip.trim() }),
    ...(call.body !== null && { body: call.body, bodyIsBase64: false }),
    upstreamStatus: status,
  }
}
