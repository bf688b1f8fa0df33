import type { CapturedRequest } from '../captured/captured-request.ts'
import { toBase64, toText } from '../captured/body-bytes.ts'

/** Headers that curl sends by itself, unless they are taken away by name. */
const ofCurl = ['Accept', 'User-Agent']

/** The captured request as a command line for a POSIX shell: what it sends is what was captured, byte for byte. */
export function asCurl({ method, uri, headers, body, remark }: CapturedRequest): string {
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  const text = body && (body.includes(0) ? null : toText(body))
  // `-X HEAD` would wait for a body. Brackets and braces of a URL are not patterns, and `/../` stays.
  const words = [
    `curl ${method === 'HEAD' ? '--head' : `-X ${quote(method)}`} --globoff --path-as-is ${quote(uri)}`,
  ]
  // A colon at the end would take the header away; a semicolon sends it empty.
  for (const [name, value] of headers)
    words.push(`-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`)
  for (const name of ofCurl) if (!has(name.toLowerCase())) words.push(`-H ${quote(`${name}:`)}`)
  if (body) {
    if (!has('content-type')) words.push(`-H 'Content-Type:'`)
    if (!has('expect') && body.length > 1_000_000) words.push(`-H 'Expect:'`)
    words.push(text === null ? '--data-binary @-' : `--data-raw ${quote(text)}`)
  }
  const command = words.join(' \\\n  ')
  const piped =
    body && text === null
      ? `printf %s ${quote(toBase64(body))} | base64 -d |\n  ${command}`
      : command
  return remark === null ? piped : `# ${remark}\n${piped}`
}

/** Everything inside single quotes is literal to a shell but the quote itself. */
function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
