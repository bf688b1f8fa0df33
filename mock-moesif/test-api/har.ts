import type { EventRecord } from '../model/event.ts'

type Fields = Record<string, any>

/** The events as an HTTP Archive 1.2, which browsers' developer tools open. */
export async function* har(
  records: AsyncIterable<EventRecord>,
  version: string,
): AsyncGenerator<string> {
  yield `{"log":{"version":"1.2","creator":{"name":"mock-moesif","version":${JSON.stringify(version)}},"entries":[`
  let separator = ''
  for await (const record of records) {
    if (record.verdict === 'bad') continue
    yield separator + JSON.stringify(entryOf(record))
    separator = ','
  }
  yield ']}}'
}

function entryOf({ event, time, receivedAt, durationMs, uri, verb }: EventRecord): object {
  const { request, response } = event as Fields
  const requestBody = bodyOf(request)
  const responseBody = bodyOf(response ?? {})
  return {
    startedDateTime: new Date(time ?? receivedAt).toISOString(),
    time: durationMs ?? 0,
    request: {
      method: verb,
      url: uri,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(request),
      queryString: queryOf(uri ?? ''),
      headersSize: -1,
      bodySize: requestBody.size,
      ...(requestBody.text === undefined
        ? {}
        : {
            postData: {
              mimeType: mimeOf(request),
              text: requestBody.text,
              ...requestBody.encoding,
            },
          }),
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(response ?? {}),
      content: {
        size: responseBody.size,
        mimeType: mimeOf(response ?? {}),
        ...(responseBody.text === undefined ? {} : { text: responseBody.text }),
        ...responseBody.encoding,
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: responseBody.size,
    },
    cache: {},
    timings: { send: 0, wait: durationMs ?? 0, receive: 0 },
    _moesif: {
      user_id: (event as Fields)['user_id'],
      company_id: (event as Fields)['company_id'],
      transaction_id: (event as Fields)['transaction_id'],
    },
  }
}

function headersOf(side: Fields): { name: string; value: string }[] {
  return Object.entries((side['headers'] ?? {}) as Fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ name, value: String(one) })),
  )
}

function mimeOf(side: Fields): string {
  return headersOf(side).find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
}

function bodyOf(side: Fields): { text?: string; size: number; encoding: { encoding?: 'base64' } } {
  const body: unknown = side['body']
  if (body === undefined || body === null) return { size: 0, encoding: {} }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  if (side['transfer_encoding'] === 'base64')
    return { text, size: Buffer.from(text, 'base64').byteLength, encoding: { encoding: 'base64' } }
  return { text, size: Buffer.byteLength(text), encoding: {} }
}

function queryOf(uri: string): { name: string; value: string }[] {
  const query = uri.indexOf('?')
  if (query < 0) return []
  return [...new URLSearchParams(uri.slice(query + 1))].map(([name, value]) => ({ name, value }))
}
