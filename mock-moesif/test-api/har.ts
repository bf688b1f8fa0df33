import type { EventRecord } from '../model/event.ts'
import { jsonText } from '../query/json-text.ts'
import { spanOfMember } from '../model/split-json.ts'

type Fields = Record<string, any>
interface Named {
  name: string
  value: string
}

interface Recorded {
  record: EventRecord
  /** The event as it was received. */
  json: Uint8Array
}

/** The events as an HTTP Archive 1.2, which browsers' developer tools open. */
export async function* har(
  records: AsyncIterable<Recorded>,
  version: string,
): AsyncGenerator<string> {
  yield `{"log":{"version":"1.2","creator":{"name":"mock-moesif","version":${JSON.stringify(version)}},"entries":[`
  let separator = ''
  for await (const recorded of records) {
    if (recorded.record.verdict === 'bad') continue
    yield separator + entryText(recorded)
    separator = ','
  }
  yield ']}}'
}

/** An event that nests deeper than JavaScript recurses is left out of its entry. */
function entryText({ record, json }: Recorded): string {
  try {
    return JSON.stringify(entryOf({ record, json }))
  } catch {
    const { request, response } = record.event as Fields
    const event = { request: withoutBody(request), response: withoutBody(response) }
    return JSON.stringify(entryOf({ record: { ...record, event }, json }))
  }
}

function withoutBody(side: Fields | null | undefined): Fields | null {
  if (!side) return null
  const { time, uri, verb, status } = side
  return { time, uri, verb, status, headers: {} }
}

function entryOf({ record, json }: Recorded): object {
  const { event, time, receivedAt, durationMs, uri, verb } = record
  const { request, response } = event as Fields
  // A response before its request has a finding; in an archive times can't be negative.
  const took = Math.max(0, durationMs ?? 0)
  return {
    startedDateTime: new Date(time ?? receivedAt).toISOString(),
    time: took,
    request: {
      method: verb,
      url: uri,
      httpVersion: 'HTTP/1.1',
      cookies: cookiesOf(request),
      headers: headersOf(request),
      queryString: parametersOf(queryOf(uri ?? '')),
      headersSize: -1,
      ...posted(request, bytesOf(request, json, 'request')),
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: setCookiesOf(response ?? {}),
      headers: headersOf(response ?? {}),
      ...received(response ?? {}, bytesOf(response ?? {}, json, 'response')),
      redirectURL: headerOf(response ?? {}, 'location'),
      headersSize: -1,
    },
    cache: {},
    timings: { send: 0, wait: took, receive: 0 },
    ...(durationMs !== null &&
      durationMs < 0 && { comment: `The response is ${-durationMs} ms before its request` }),
    _moesif: {
      user_id: (event as Fields)['user_id'],
      company_id: (event as Fields)['company_id'],
      transaction_id: (event as Fields)['transaction_id'],
    },
  }
}

/** @note `postData` has no encoding in HAR 1.2: binary bytes are in a field of our own. */
function posted(side: Fields, bytes: Buffer | undefined): object {
  if (!bytes) return { bodySize: 0 }
  const mimeType = headerOf(side, 'content-type')
  const text = textOf(bytes)
  if (text === undefined)
    return {
      bodySize: bytes.byteLength,
      postData: {
        mimeType,
        text: '',
        comment: 'binary, in _base64',
        _base64: bytes.toString('base64'),
      },
    }
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(mimeType)
  return {
    bodySize: bytes.byteLength,
    postData: { mimeType, ...(isForm && { params: parametersOf(text) }), text },
  }
}

function received(side: Fields, bytes: Buffer | undefined): object {
  const mimeType = headerOf(side, 'content-type')
  if (!bytes) return { content: { size: 0, mimeType }, bodySize: 0 }
  const text = textOf(bytes)
  const content =
    text === undefined ? { text: bytes.toString('base64'), encoding: 'base64' } : { text }
  return {
    content: { size: bytes.byteLength, mimeType, ...content },
    bodySize: bytes.byteLength,
  }
}

/** A body as the bytes that it was, JSON as it is written in the event; undefined without one. */
function bytesOf(
  { body, transfer_encoding }: Fields,
  json: Uint8Array,
  name: string,
): Buffer | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string')
    return Buffer.from(body, transfer_encoding === 'base64' ? 'base64' : 'utf8')
  const side = member(json, name)
  const text = side && member(side, 'body')
  return text && Buffer.from(text)
}

function member(json: Uint8Array, name: string): Uint8Array | undefined {
  const span = spanOfMember(json, name)
  return span && json.subarray(span.offset, span.offset + span.length)
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function headersOf(side: Fields): Named[] {
  return Object.entries((side['headers'] ?? {}) as Fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({
      name,
      value: typeof one === 'string' ? one : jsonText(one),
    })),
  )
}

function headerOf(side: Fields, wanted: string): string {
  return headersOf(side).find(({ name }) => name.toLowerCase() === wanted)?.value ?? ''
}

function cookiesOf(side: Fields): Named[] {
  return pairsOf(headerOf(side, 'cookie'))
}

/** Of each Set-Cookie its name and value. */
function setCookiesOf(side: Fields): Named[] {
  return headersOf(side)
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .flatMap(({ value }) => pairsOf(value).slice(0, 1))
}

function pairsOf(text: string): Named[] {
  return text.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    if (equals < 0) return []
    return [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }]
  })
}

function parametersOf(text: string): Named[] {
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }))
}

function queryOf(uri: string): string {
  const query = uri.indexOf('?')
  return query < 0 ? '' : uri.slice(query + 1).replace(/#.*$/s, '')
}
