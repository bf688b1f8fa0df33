/** The bytes behind a base64 body, and what they look like. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) =>
      letter.charCodeAt(0),
    )
  } catch {
    return null
  }
}

export function toText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
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

/** Undoes a content-encoding; null when the bytes (often only a prefix of the body) do not inflate. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const inflating = new DecompressionStream(encoding === 'gzip' ? 'gzip' : 'deflate')
    const stream = new Blob([bytes]).stream().pipeThrough(inflating)
    return new Uint8Array(await new Response(stream).arrayBuffer())
  } catch {
    return null
  }
}
