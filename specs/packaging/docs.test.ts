import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { linkedFiles, snippetsOf } from '#specs/support/markdown.ts'

const ROOT = new URL('../../', import.meta.url)
const DOCS = new URL('docs/', ROOT)
/** Guides whose snippets are held by this file. */
const GUIDES = [
  'install-envoy.md',
  'install-istio.md',
  'install-gloo.md',
  'privacy.md',
  'troubleshooting.md',
  'compatibility.md',
  'migrating.md',
  'releasing.md',
]

test.each(GUIDES)('every link of %s leads to a file', async (guide) => {
  const missing = linkedFiles(await read(guide)).filter(
    (target) => !existsSync(new URL(target, DOCS)),
  )

  expect(missing).toEqual([])
})

test.each(GUIDES)(
  'every shell snippet of %s says what runs it, or that nothing does',
  async (guide) => {
    const silent = snippetsOf(await read(guide))
      .filter(({ language }) => language === 'sh')
      .filter(({ remark = '' }) => {
        const [, spec] = /^run by: (\S+)$/.exec(remark) ?? []
        if (spec !== undefined) return !existsSync(new URL(spec, ROOT))
        return !/^(not run here|run by hand)\b/.test(remark)
      })

    expect(silent).toEqual([])
  },
)

test.each(['install-envoy.md', 'install-istio.md'])(
  'every YAML snippet of %s is part of an example',
  async (guide) => {
    const examples = await Promise.all((await exampleFiles()).map(dedentedLines))
    const snippets = snippetsOf(await read(guide)).filter(({ language }) => language === 'yaml')

    const invented = snippets.filter(
      ({ text }) => !examples.some((example) => example.includes(dedented(text))),
    )

    expect(snippets).not.toEqual([])
    expect(invented).toEqual([])
  },
)

test('every log line of troubleshooting.md is one the module can write', async () => {
  const wasm = await readFile(BUILT_PLUGIN)
  const lines = snippetsOf(await read('troubleshooting.md'))
    .filter(({ language }) => language === 'log')
    .flatMap(({ text }) => text.split('\n'))

  const unknown = lines.filter((line) => !isMadeOf(wordsIn(wasm), line))

  expect(lines.length).toBeGreaterThan(5)
  expect(unknown).toEqual([])
})

test('every metric that the guides name is one the module defines', async () => {
  const words = wordsIn(await readFile(BUILT_PLUGIN))
  const texts = await Promise.all(GUIDES.map(read))
  const named = texts.flatMap(
    (text) => text.match(/\bmoesif_(?:events|batches|configuration)_\w+[a-z]\b/g) ?? [],
  )

  expect(named).not.toEqual([])
  expect([...new Set(named)].filter((name) => !words.includes(name))).toEqual([])
})

const read = async (guide: string): Promise<string> => await readFile(new URL(guide, DOCS), 'utf8')

async function exampleFiles(): Promise<URL[]> {
  const examples = new URL('examples/', ROOT)
  const files = await readdir(examples, { recursive: true })
  return files.filter((file) => file.endsWith('.yaml')).map((file) => new URL(file, examples))
}

const dedentedLines = async (file: URL): Promise<string> => dedented(await readFile(file, 'utf8'))

/** Indentation depends on where a snippet stands; what is indented below what does not. */
const dedented = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/^- (?=\S)/, ''))
    .join('\n')
    .trim()

/** All text the module holds, whether it keeps it as UTF-8 or as UTF-16. */
const wordsIn = (wasm: Buffer): string =>
  wasm.toString('latin1') + wasm.toString('utf16le') + wasm.subarray(1).toString('utf16le')

/** Whether a line can be put together from texts of the module: each longest piece that it has, one after the other. */
const isMadeOf = (words: string, line: string): boolean =>
  line.split('…').every((part) => piecesOf(words, part) !== undefined)

function piecesOf(words: string, part: string): string[] | undefined {
  if (part === '') return []
  for (let length = part.length; length > 0; length--) {
    const piece = part.slice(0, length)
    // A few letters are found anywhere.
    if (length < 8 && /\w/.test(piece) && piece !== ' of ') continue
    const rest = words.includes(piece) ? piecesOf(words, part.slice(length)) : undefined
    if (rest) return [piece, ...rest]
  }
  return undefined
}
