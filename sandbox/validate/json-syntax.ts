/** What is wrong with a JSON text, `line 3, column 5: …`; undefined when nothing is. */
export function jsonSyntaxError(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    const { message } = error as SyntaxError
    const position = /at position (\d+)/.exec(message)?.[1]
    const reason = message.replace(/ in JSON at position.*| at position.*/s, '')
    if (position === undefined) return `not JSON: ${reason}`
    const before = text.slice(0, Number(position)).split('\n')
    return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: not JSON: ${reason}`
  }
}
