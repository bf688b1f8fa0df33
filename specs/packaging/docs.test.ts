import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import schema from '#plugin/config.schema.json' with { type: 'json' }
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { judgeOptions } from '#sandbox/validate/options/judge-options.ts'
import { optionsInFile } from '#sandbox/validate/options/options-source.ts'
import { schemaErrors } from '#specs/support/event-schema.ts'
import { linkedFiles, type Snippet } from '#specs/support/markdown.ts'
import { Page, runBy } from '#specs/support/page.ts'

const ROOT = new URL('../../', import.meta.url)
const docs = await readdir(new URL('docs/', ROOT))
/** Every page that users read, and their blocks. */
const PAGES = [
  'README.md',
  ...docs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`),
]
/** Languages whose blocks somebody might run or copy. */
const RUNNABLE = new Set(['sh', 'ini', 'yaml', 'ts', 'log'])
/** Their YAML is part of an example, see below. */
const OF_EXAMPLES = ['docs/install-envoy.md', 'docs/install-istio.md']

test.each(PAGES)('every link of %s leads to a file', async (page) => {
  const { text } = await Page.read(page)

  const missing = linkedFiles(text).filter(
    (target) => !existsSync(new URL(target, new URL(page, ROOT))),
  )

  expect(missing).toEqual([])
})

test.each(PAGES)('every block of %s says what runs it, or that nothing does', async (page) => {
  const { snippets } = await Page.read(page)
  const isPartOfExample = ({ language }: Snippet) =>
    language === 'yaml' && OF_EXAMPLES.includes(page)

  const silent = snippets
    .filter((snippet) => RUNNABLE.has(snippet.language) && !isPartOfExample(snippet))
    .filter(
      (snippet) => !isRun(snippet) && !/^(not run here: |run by hand)/.test(snippet.remark ?? ''),
    )

  expect(silent).toEqual([])
})

/** The spec is there, and where the block has a name, it asks for it. */
function isRun(snippet: Snippet): boolean {
  const by = runBy(snippet)
  if (!by || !existsSync(new URL(by.spec, ROOT))) return false
  return (
    by.name === undefined || readFileSync(new URL(by.spec, ROOT), 'utf8').includes(`'${by.name}'`)
  )
}

test.each(OF_EXAMPLES)('every YAML snippet of %s is part of an example', async (page) => {
  const examples = await Promise.all((await exampleFiles()).map(dedentedLines))
  const snippets = (await Page.read(page)).snippets.filter(({ language }) => language === 'yaml')

  const invented = snippets.filter(
    ({ text }) => !examples.some((example) => example.includes(dedented(text))),
  )

  expect(snippets).not.toEqual([])
  expect(invented).toEqual([])
})

const OPTION_NAMES = new Set(Object.keys(schema.properties))

test.each(PAGES)('the plugin takes every option that %s gives an example of', async (page) => {
  const documents = optionExamples(await Page.read(page))

  const judged = await Promise.all(
    documents.map(async (options) => {
      const filled = JSON.stringify({ ...options, moesif_application_id: 'an-id' })
      return await judgeOptions(optionsInFile(page, filled), BUILT_PLUGIN)
    }),
  )

  expect(judged.flat()).toEqual([])
  if (page === 'docs/configuration.md') expect(documents).not.toEqual([])
})

/** Options documents in blocks, also within a text of an Envoy configuration, and members of one in the prose. */
function optionExamples({ snippets, text }: Page): object[] {
  const blocks = snippets.flatMap((snippet) =>
    Array.from(snippet.text.matchAll(/^ *\{\s*"\w+"[^{}]*\}/gm), ([json]) => json),
  )
  const members = Array.from(text.matchAll(/`("\w+": [^`]+)`/g), ([, json]) => `{${json}}`)
  return [...blocks, ...members].flatMap((json) => {
    const options: unknown = JSON.parse(json)
    // One known option makes it a document of options: the others have to be known, too.
    const isExample = Object.keys(options as object).some((name) => OPTION_NAMES.has(name))
    return isExample ? [options as object] : []
  })
}

test('the event of events.md is one that the plugin may send', async () => {
  const [example] = (await Page.read('docs/events.md')).snippets

  expect(schemaErrors(JSON.parse(example?.text ?? ''))).toEqual([])
})

test.each(PAGES)('every script and every spec that %s names exists', async (page) => {
  const { text } = await Page.read(page)
  const { scripts } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as {
    scripts: Record<string, string>
  }

  const named = Array.from(text.matchAll(/\bnpm run ([\w:-]+)/g), ([, name = '']) => name)
  const specs = Array.from(
    text.matchAll(/`((?:envoy|plugin|istio|sandbox)\/[\w-]+)`/g),
    ([, name = '']) => name,
  )

  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  expect(specs.filter((name) => !isThere(name))).toEqual([])
})

/** A spec, or a folder of the project. */
const isThere = (name: string): boolean =>
  [`specs/${name}.test.ts`, `specs/${name}.long.test.ts`, name].some((file) =>
    existsSync(new URL(file, ROOT)),
  )

test('every log line of troubleshooting.md is one the module can write', async () => {
  const wasm = await readFile(BUILT_PLUGIN)
  const lines = (await Page.read('docs/troubleshooting.md')).snippets
    .filter(({ language }) => language === 'log')
    .flatMap(({ text }) => text.split('\n'))

  const unknown = lines.filter((line) => !isMadeOf(wordsIn(wasm), line))

  expect(lines.length).toBeGreaterThan(5)
  expect(unknown).toEqual([])
})

test('every metric that the pages name is one the module defines', async () => {
  const words = wordsIn(await readFile(BUILT_PLUGIN))
  const pages = await Promise.all(PAGES.map(async (page) => await Page.read(page)))
  const named = pages.flatMap(
    ({ text }) =>
      text.match(/\bmoesif_(?:events|batches|batch|upload|heartbeat|configuration)_\w+[a-z]\b/g) ??
      [],
  )

  expect(named).not.toEqual([])
  expect([...new Set(named)].filter((name) => !isMetric(words, name))).toEqual([])
})

/** @note `_bucket` is Prometheus', of a histogram; an ellipsis or a label may take the place of a reason. */
const isMetric = (words: string, name: string): boolean =>
  words.includes(name.replace(/_bucket$/, '')) || name === 'moesif_events_dropped_total'

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
