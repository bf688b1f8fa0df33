import type { Finding } from '../model/event.ts'
import { eventTime } from './event-time.ts'
import { escapePointer } from './pointer.ts'

const MINUTE = 60_000
const LATE_MS = 5 * MINUTE
const MAX_EVENT_BYTES = 1024 * 1024
const MAX_QUERY_KEYS = 500
/** A million repeated headers must not become a million remarks. */
const MAX_WARNINGS = 50
const DIRECTIONS = new Set(['Incoming', 'Outgoing', 'Internal'])
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/

type Fields = Record<string, unknown>

/** What Moesif accepts, but will serve its user badly. `event` has passed the schema. */
export function warningsOf(event: Fields, size: number, receivedAt: number): Finding[] {
  const found: Finding[] = []
  const warn = (pointer: string, message: string) => {
    if (found.length < MAX_WARNINGS) found.push({ severity: 'warning', pointer, message })
  }
  const request = event['request'] as Fields
  const response = event['response'] as Fields | null | undefined

  judgeUri(String(request['uri']), warn)
  judgeTime(request['time'], receivedAt, warn)
  if (!request['ip_address'])
    warn(
      '/request/ip_address',
      'without ip_address Moesif takes the address of the sender, which is the gateway, not the client',
    )
  if (size > MAX_EVENT_BYTES)
    warn('', `the event has ${size} bytes: over 1 MB Moesif cuts the bodies and can't analyse them`)
  judgeSide('/request', request, warn)
  if (response) {
    judgeSide('/response', response, warn)
    const status = response['status'] as number
    judgeOrder(request['time'], response['time'], warn)
    if (status < 100 || status > 599)
      warn('/response/status', `status ${status} is no HTTP status (100 to 599)`)
  }
  const weight = event['weight'] as number | null | undefined
  if (typeof weight === 'number' && (weight < 1 || !Number.isSafeInteger(weight)))
    warn(
      '/weight',
      `weight is the number of exchanges that the event stands for, from 1 to 2^53 - 1, not ${weight}: sums count it as 1`,
    )
  const direction = event['direction']
  if (direction && !DIRECTIONS.has(direction as string))
    warn(
      '/direction',
      `direction is one of Incoming, Outgoing, Internal, not "${direction as string}"`,
    )
  const transactionId = event['transaction_id']
  if (transactionId && !UUID.test(transactionId as string))
    warn('/transaction_id', 'transaction_id should be a UUID of 36 characters')
  return found
}

type Warn = (pointer: string, message: string) => void

function judgeUri(uri: string, warn: Warn): void {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(uri))
    warn(
      '/request/uri',
      'uri should be the full URI with scheme and host, such as https://api.example.com/path, not a path',
    )
  const query = uri.indexOf('?')
  if (query >= 0 && uri.length > MAX_QUERY_KEYS && uri.split('&').length > MAX_QUERY_KEYS)
    warn('/request/uri', `the query has over ${MAX_QUERY_KEYS} keys: Moesif ignores the rest`)
}

function judgeTime(value: unknown, receivedAt: number, warn: Warn): void {
  const time = eventTime(value)
  if (time === null) return
  const late = receivedAt - time
  if (late > LATE_MS)
    warn(
      '/request/time',
      `the event is ${Math.round(late / MINUTE)} minutes old: over 5 minutes Moesif calls it late, over 30 days it refuses it`,
    )
  else if (-late > LATE_MS)
    warn('/request/time', `the event is ${Math.round(-late / MINUTE)} minutes ahead of this clock`)
}

function judgeOrder(request: unknown, response: unknown, warn: Warn): void {
  const from = eventTime(request)
  const to = eventTime(response)
  if (from !== null && to !== null && to < from)
    warn('/response/time', `the response is ${from - to} ms before its request`)
}

function judgeSide(pointer: string, side: Fields, warn: Warn): void {
  const headers = side['headers'] as Fields
  for (const name in headers)
    if (Array.isArray(headers[name]))
      warn(
        `${pointer}/headers/${escapePointer(name)}`,
        'a repeated header should be one string joined with commas, not an array',
      )
  const encoding = side['transfer_encoding']
  const body = side['body']
  if (encoding && encoding !== 'json' && encoding !== 'base64')
    warn(
      `${pointer}/transfer_encoding`,
      `transfer_encoding says how body is written in the event, json or base64, not "${encoding as string}"`,
    )
  if (typeof body !== 'string') return
  if (encoding === 'base64' && !BASE64.test(body) && body !== '')
    warn(`${pointer}/body`, 'transfer_encoding says base64, but body is not base64')
  else if (encoding !== 'base64' && looksLikeBase64(body, headers))
    warn(
      `${pointer}/transfer_encoding`,
      'body looks like base64: without transfer_encoding "base64" Moesif shows it as text',
    )
}

function looksLikeBase64(body: string, headers: Fields): boolean {
  if (body.length < 16 || body.length % 4 !== 0 || !BASE64.test(body)) return false
  if (body.endsWith('=')) return true
  const type = contentType(headers)
  return type !== '' && !/json|text|xml|form/.test(type)
}

function contentType(headers: Fields): string {
  for (const name in headers)
    if (name.length === 12 && name.toLowerCase() === 'content-type')
      return String(headers[name]).toLowerCase()
  return ''
}
