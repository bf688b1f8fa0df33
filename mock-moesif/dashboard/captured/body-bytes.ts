export { fromBase64, toText } from '#mock-moesif/model/body-text.ts'

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

const signatures: [type: string, offset: number, bytes: number[]][] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['image/bmp', 0, [0x42, 0x4d]],
]

/** By the bytes, not by what a header claims. */
export function imageType(bytes: Uint8Array): string | null {
  const found = signatures.find(([, offset, start]) =>
    start.every((byte, index) => bytes[offset + index] === byte),
  )
  return found?.[0] ?? null
}

/** `00000010  68 65 6c 6c 6f …  hello` */
export function hexDump(bytes: Uint8Array, limit: number): string {
  const lines: string[] = []
  for (let start = 0; start < Math.min(bytes.length, limit); start += 16) {
    const line = [...bytes.subarray(start, start + 16)]
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = line
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'))
      .join('')
    lines.push(`${start.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`)
  }
  return lines.join('\n')
}

const formats: Record<string, CompressionFormat[]> = {
  gzip: ['gzip'],
  'x-gzip': ['gzip'],
  // Some senders leave out the zlib header that the name stands for.
  deflate: ['deflate', 'deflate-raw'],
}

export function canInflate(encoding: string): boolean {
  return encoding in formats
}

export interface Inflated {
  bytes: Uint8Array<ArrayBuffer>
  /** False when the end is missing or broken: `bytes` has what was decoded before. */
  whole: boolean
}

/** Undoes a content-encoding, as far as the bytes go: often only a prefix of a body was captured. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, encoding: string): Promise<Inflated> {
  let best: Inflated = { bytes: new Uint8Array(), whole: false }
  for (const format of formats[encoding] ?? []) {
    const inflated = await inflateAs(bytes, format)
    if (inflated.whole) return inflated
    if (inflated.bytes.length > best.bytes.length) best = inflated
  }
  return best
}

async function inflateAs(
  bytes: Uint8Array<ArrayBuffer>,
  format: CompressionFormat,
): Promise<Inflated> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader()
  const parts: BlobPart[] = []
  let whole = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
    }
    whole = true
  } catch {
    // What came out before the break is kept.
  }
  return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), whole }
}
