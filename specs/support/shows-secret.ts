import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib'

/** Where a secret shows in what was sent: as it is, or under the encodings that a body can have there. */
export function showsSecret(secret: string, sent: string): boolean {
  if (sent.includes(secret)) return true
  const bodies = sent.matchAll(/"transfer_encoding":"base64","body":"([^"]*)"/g)
  for (const [, body = ''] of bodies) {
    const bytes = Buffer.from(body, 'base64')
    const once = decompressed(bytes)
    const layers = [bytes, once, decompressed(once)]
    const texts = [secret, Buffer.from(secret, 'utf16le')]
    if (layers.some((layer) => texts.some((text) => layer.includes(text)))) return true
  }
  // A token that is cut anywhere still holds what its middle part says.
  return [0, 1, 2].some((offset) => sent.includes(insideBase64(secret, offset)))
}

/** The base64 of a text that stands at this offset of a group of three bytes, without the digits it shares. */
function insideBase64(secret: string, offset: number): string {
  const text = Buffer.from('x'.repeat(offset) + secret).toString('base64url')
  const whole = Math.floor((offset + secret.length) / 3) * 4
  return text.slice(offset === 0 ? 0 : 4, whole)
}

/** As far as it goes, were it cut off. */
const gunzip = (bytes: Buffer) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })

function decompressed(bytes: Buffer): Buffer {
  for (const decompress of [gunzip, inflateSync, brotliDecompressSync]) {
    try {
      return decompress(bytes)
    } catch {
      // Not compressed like this.
    }
  }
  return Buffer.alloc(0)
}
