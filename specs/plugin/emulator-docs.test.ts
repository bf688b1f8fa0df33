import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { compileFilter } from '#sandbox/emulator/compile-filter.ts'
import { Emulator } from '#sandbox/emulator/index.ts'
import { snippetsOf } from '#specs/support/markdown.ts'

const repository = path.resolve(import.meta.dirname, '../..')
/** Within the repository, so that `vitest` is found. */
const folder = path.join(repository, `.cache/emulator-docs-${process.pid}`)
const page = snippetsOf(await readFile(path.join(repository, 'docs/emulator.md'), 'utf8'))
const wasm = await compileFilter('sandbox/emulator/fixtures/authorization/filter.ts')
afterAll(() => rm(folder, { recursive: true, force: true }))

const sources: Record<string, string> = {
  'moesif-envoy/emulator': 'sandbox/emulated-plugin/index.ts',
  'moesif-envoy/emulator/matchers': 'sandbox/emulator/matchers/index.ts',
}

const textOf = (language: string): string =>
  page.find((snippet) => snippet.language === language)?.text ?? ''

test('the example of the page works', async () => {
  await mkdir(folder, { recursive: true })
  const code = textOf('ts').replaceAll(/'(moesif-envoy\/[\w/]+)'/g, (_match, entry: string) => {
    const source = sources[entry]
    if (!source) throw new Error(`The page imports ${entry}, which this spec does not know.`)
    return `'${pathToFileURL(path.join(repository, source)).href}'`
  })
  await writeFile(path.join(folder, 'authorization.wasm'), wasm)
  await writeFile(path.join(folder, 'example.test.ts'), code)
  const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, 'run', '--root', folder],
    { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
  )

  expect(stdout).toMatch(/Tests\s+5 passed/)
})

test('a trace reads as the page shows', async () => {
  const emulator = await Emulator.load(wasm, { trace: true })
  emulator.configure('auth-cluster')
  emulator.trace.clear()
  emulator.worker(0).exchange({ request: { path: '/orders' } })
  emulator.advance(0)

  const shown = textOf('text').trim().split('\n')
  const lines = String(emulator.trace).split('\n')
  expect(lines).toEqual(expect.arrayContaining(shown))
})
