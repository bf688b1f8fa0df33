/** Headers written `name: value`, a line each; or a sentence that says which line is invalid. */
export function headersIn(written: string): [name: string, value: string][] | string {
  const headers: [string, string][] = []
  for (const line of written.split('\n')) {
    if (line.trim() === '') continue
    const [, name, value = ''] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:(.*)$/.exec(line) ?? []
    if (name === undefined) return `"${line}" is not a header: write name: value`
    headers.push([name, value.trim()])
  }
  return headers
}
