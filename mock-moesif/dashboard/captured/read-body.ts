import { bodyText } from '#mock-moesif/model/body-text.ts'
import { contentType } from '#mock-moesif/model/content-type.ts'
import { fromBase64, imageType } from './body-bytes.ts'
import { parseExactly } from './exact-json.ts'
import { type Multipart, multipart } from './multipart.ts'

/** How a body can be shown. */
export type BodyMode =
  'json' | 'graphql' | 'form' | 'parts' | 'markup' | 'image' | 'text' | 'hex' | 'base64'

/** A body in every way it can be read. */
export interface BodyReading {
  /** The most informative first. */
  modes: BodyMode[]
  bytes: Uint8Array<ArrayBuffer>
  /** Null when the bytes are not text of their charset. */
  text: string | null
  /** The charset the text was decoded from, when it is not UTF-8. */
  charset: string | null
  json?: unknown
  form?: [name: string, value: string][]
  parts?: Multipart
  image: string | null
}

/** @param text what stands in the event, exactly: the text of a JSON body, not what it parses to */
export function readText(text: string, header: string): BodyReading {
  const bytes = new TextEncoder().encode(text)
  return reading(bytes, text, null, header)
}

/** Null when it is not base64. */
export function readBase64(base64: string, header: string): BodyReading | null {
  const bytes = fromBase64(base64)
  if (!bytes) return null
  const result = readBytes(bytes, header)
  result.modes.push('base64')
  return result
}

export function readBytes(bytes: Uint8Array<ArrayBuffer>, header: string): BodyReading {
  const { text, charset } = bodyText(bytes, header)
  return reading(bytes, text, charset, header)
}

function reading(
  bytes: Uint8Array<ArrayBuffer>,
  text: string | null,
  charset: string | null,
  header: string,
): BodyReading {
  const { media, boundary } = contentType(header)
  const image = imageType(bytes)
  const result: BodyReading = { modes: [], bytes, text, charset, image }
  const { modes } = result
  if (image) modes.push('image')
  if (boundary !== '' && media.startsWith('multipart/')) {
    result.parts = multipart(bytes, boundary)
    if (result.parts.parts.length > 0) modes.push('parts')
  }
  if (text !== null) {
    const json = parse(text)
    if (json !== undefined) {
      result.json = json
      modes.push(...(isGraphQl(json) ? (['graphql', 'json'] as const) : (['json'] as const)))
    } else if (/^application\/x-www-form-urlencoded$/.test(media) && text !== '') {
      result.form = [...new URLSearchParams(text)]
      modes.push('form')
    } else if (isMarkup(text, media)) modes.push('markup')
    modes.push('text')
  }
  modes.push('hex')
  return result
}

/** Objects and arrays, and what a JSON type makes of the rest: a bare number is better read as text. */
function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return parseExactly(text)
  } catch {
    return undefined
  }
}

function isGraphQl(json: unknown): boolean {
  const { query } = (json ?? {}) as { query?: unknown }
  return (
    typeof query === 'string' && /^\s*(?:query|mutation|subscription|fragment|\{|#)/.test(query)
  )
}

function isMarkup(text: string, media: string): boolean {
  return /[/+](?:xml|html)$/.test(media) || /^\s*<(?:\?xml|!doctype|[a-z])/i.test(text)
}
