import { contentType } from './content-type.ts'

/** The bytes of a base64 text of either alphabet; null when it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const letters = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = new Uint8Array(letters.length)
    for (let at = 0; at < bytes.length; at++) bytes[at] = letters.charCodeAt(at)
    return bytes
  } catch {
    return null
  }
}

/** Null when the bytes are not text of that charset, or the charset is unknown. */
export function toText(bytes: Uint8Array, charset = 'utf-8'): string | null {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * A body as text, by the charset of its content-type header or as UTF-8; `text` is null when it is neither.
 * `charset` is null for UTF-8.
 */
export function bodyText(
  bytes: Uint8Array,
  header: string,
): { text: string | null; charset: string | null } {
  const { charset } = contentType(header)
  const named = charset === '' || /^utf-?8$/.test(charset) ? null : toText(bytes, charset)
  return { text: named ?? toText(bytes), charset: named === null ? null : charset }
}
