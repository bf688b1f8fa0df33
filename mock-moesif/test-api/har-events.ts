import { parseExactly } from '../model/exact-json.ts'
import { BadCall } from './bad-call.ts'

type Fields = Record<string, any>

/** An HTTP Archive is one JSON object that begins with its log. */
export function looksLikeHar(text: string): boolean {
  return /^\s*\{\s*"log"\s*:/.test(text)
}

/** The exchanges of an HTTP Archive, as browsers' developer tools and this mock write them, as events. */
export function eventsOfHar(archive: unknown): unknown[] {
  const entries: unknown = (archive as { log?: { entries?: unknown } }).log?.entries
  if (!Array.isArray(entries)) throw new BadCall('The HAR has no log.entries: is the file whole?')
  return entries.map((entry, index) => eventOf(entry as Fields | null, index))
}

function eventOf(entry: Fields | null, index: number): unknown {
  const { request, response } = entry ?? {}
  const started = Date.parse(entry?.['startedDateTime'])
  if (!request || Number.isNaN(started))
    throw new BadCall(`Entry ${index} of the HAR has no request or no startedDateTime`)
  const ended = new Date(started + (Number(entry?.['time']) || 0))
  return {
    request: {
      time: new Date(started).toISOString(),
      verb: request.method,
      uri: request.url,
      headers: headersOf(request),
      ...bodyOf(request.postData),
    },
    // Browsers write status 0 for what was never answered.
    ...(response?.status > 0 && {
      response: {
        time: ended.toISOString(),
        status: response.status,
        headers: headersOf(response),
        ...bodyOf(response.content),
      },
    }),
    ...entry?.['_moesif'],
  }
}

/** Names in lower case, repeated ones joined by a comma, as the plugin has them; HTTP/2's pseudo-headers are none. */
function headersOf(side: Fields): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { name, value } of (side['headers'] ?? []) as { name: string; value: string }[]) {
    const key = name.toLowerCase()
    if (!key.startsWith(':')) headers[key] = key in headers ? `${headers[key]},${value}` : value
  }
  return headers
}

function bodyOf(content: Fields | undefined): object {
  const binary: unknown = content?.['_base64']
  if (typeof binary === 'string') return { body: binary, transfer_encoding: 'base64' }
  const text: unknown = content?.['text']
  if (typeof text !== 'string' || text === '') return {}
  if (content?.['encoding'] === 'base64') return { body: text, transfer_encoding: 'base64' }
  if (/[/+]json\b/i.test(String(content?.['mimeType']))) {
    try {
      return { body: parseExactly(text), transfer_encoding: 'json' }
    } catch {
      // Text like any other.
    }
  }
  return { body: Buffer.from(text).toString('base64'), transfer_encoding: 'base64' }
}
