interface Part {
  headers: [name: string, value: string][]
  /** Of content-disposition. */
  name: string
  fileName: string
  bytes: Uint8Array<ArrayBuffer>
}

export interface Multipart {
  parts: Part[]
  /** False when the closing boundary is missing: the rest was not captured. */
  whole: boolean
}

/** Splits a multipart body (RFC 2046); what precedes the first boundary is ignored. */
export function multipart(bytes: Uint8Array<ArrayBuffer>, boundary: string): Multipart {
  // Byte by byte as Latin-1: positions in the text are positions in the bytes.
  const text = latin1(bytes)
  const delimiter = `--${boundary}`
  const parts: Part[] = []
  let at = text.indexOf(delimiter)
  while (at >= 0) {
    const start = at + delimiter.length
    if (text.startsWith('--', start)) return { parts, whole: true }
    const next = text.indexOf(`\n${delimiter}`, start)
    const end = next < 0 ? text.length : text[next - 1] === '\r' ? next - 1 : next
    const part = partOf(text, bytes, start, end)
    if (part) parts.push(part)
    at = next < 0 ? -1 : next + 1
  }
  return { parts, whole: false }
}

function partOf(
  text: string,
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
): Part | undefined {
  const blank = /\r?\n(?:\r?\n)/.exec(text.slice(start, end))
  if (!blank) return undefined
  const bodyAt = start + blank.index + blank[0].length
  const head = new TextDecoder().decode(bytes.subarray(start, start + blank.index))
  const headers = head
    .split(/\r?\n/)
    .filter((line) => line.includes(':'))
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    })
  const disposition =
    headers.find(([name]) => name.toLowerCase() === 'content-disposition')?.[1] ?? ''
  const parameter = (name: string) =>
    new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1] ?? ''
  return {
    headers,
    name: parameter('name'),
    fileName: parameter('filename'),
    bytes: bytes.slice(bodyAt, end),
  }
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}
