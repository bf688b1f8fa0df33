import type { CapturedRequest } from '../captured/captured-request.ts'
import { toBase64, toText } from '../captured/body-bytes.ts'

/** The captured request as a line of JavaScript for Node. */
export function asFetch({ method, uri, headers, body, remark }: CapturedRequest): string {
  const text = body && toText(body)
  const bytes = body && text === null ? `Buffer.from('${toBase64(body)}', 'base64')` : null
  const lines = [`  method: ${literal(method)},`]
  if (headers.length > 0) {
    lines.push('  headers: [')
    for (const [name, value] of headers) lines.push(`    [${literal(name)}, ${literal(value)}],`)
    lines.push('  ],')
  }
  if (body) lines.push(`  body: ${bytes ?? literal(text ?? '')},`)
  return `${remark === null ? '' : `// ${remark}\n`}await fetch(${literal(uri)}, {\n${lines.join('\n')}\n})\n`
}

/** A string of JavaScript; JSON has all the escapes it needs. */
export function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}
