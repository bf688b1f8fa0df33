import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { literalBytes } from '#plugin/build/literal-bytes.ts'

const project = path.resolve(import.meta.dirname, '../..')

/** A module whose literal is `expression`, compiled: the bytes that it holds. */
async function bytesOf(expression: string): Promise<Uint8Array> {
  const source = `import { Span, utf8 } from './plugin/assembly/memory/span'
const LITERAL: Span = ${expression}
export function start(): usize { return LITERAL.start }
export function length(): u32 { return LITERAL.length }`
  const { main: compile } = await import('assemblyscript/asc')
  let wasm: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await compile(
    ['entry.ts', '--outFile=out.wasm', '--runtime=minimal', '--use=abort='],
    {
      transforms: [literalBytes],
      readFile: async (name) =>
        name === 'entry.ts'
          ? source
          : await readFile(path.resolve(project, name), 'utf8').catch(() => null),
      writeFile: (_, content) => void (wasm = new Uint8Array(Buffer.from(content as Uint8Array))),
    },
  )
  if (error || !wasm) throw error ?? new Error(stderr.toString())
  const { exports } = (await WebAssembly.instantiate(wasm)).instance
  const { start, length, memory } = exports as {
    start: () => number
    length: () => number
    memory: WebAssembly.Memory
  }
  return new Uint8Array(memory.buffer, start(), length())
}

test.each([
  ["utf8('ab')", 'ab'],
  ["utf8('')", ''],
  [String.raw`utf8('a\0\'\\')`, "a\0'\\"],
  ['utf8("…")', '…'],
  ["utf8(\n  'a',\n)", 'a'],
])('%s becomes its bytes', async (expression, text) => {
  expect(Buffer.from(await bytesOf(expression)).toString()).toBe(text)
})

test.each([
  ["utf8('a' + 'b')", "entry.ts:2: utf8 takes one literal, not utf8('a' + 'b')"],
  ['utf8()', 'entry.ts:2: utf8 takes one literal, not utf8()'],
])('%s does not compile, and the error has the place', async (expression, message) => {
  await expect(bytesOf(expression)).rejects.toThrow(message)
})
