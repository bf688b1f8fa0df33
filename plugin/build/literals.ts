/**
 * Hands the compiler the bytes of each `utf8('…')` in an AssemblyScript module: `constant(memory.data<u8>([…]), length)`.
 *
 * A string of AssemblyScript is UTF-16 behind a header: some 200 of them made a sixth of the module, to be encoded in each VM
 * that started. Lines stay where they are, for the compiler's messages.
 *
 * @throws Error when `utf8` is called with anything but one literal
 */
export function withLiteralBytes(source: string): string {
  const written = source
    .replaceAll(CALL, (call, quoted: string) => {
      const bytes = [...Buffer.from(unquoted(quoted))]
      const lines = '\n'.repeat(call.split('\n').length - 1)
      // At least one byte: a segment may not be empty.
      return `constant(memory.data<u8>([${[...bytes, 0].join(',')}]), ${bytes.length})${lines}`
    })
    .replaceAll(IMPORT, (clause) => clause.replace(/\butf8\b/, 'constant'))
  const left = /(?<!function )\butf8\(.*/.exec(written)
  if (left) throw new Error(`utf8 takes one literal, in single quotes: ${left[0]}`)
  return written
}

const CALL = /\butf8\(\s*'((?:[^'\\\n]|\\.)*)',?\s*\)/g
const IMPORT = /^import \{[^}]*\}/gm

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

function unquoted(literal: string): string {
  return literal.replaceAll(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
}
