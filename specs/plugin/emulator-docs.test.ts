import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nestedVitest } from '#specs/support/nested-vitest.ts'
import { Emulator } from '#sandbox/emulator/index.ts'
import { Page } from '#specs/support/page.ts'

const repository = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
/** Within the repository, so that `vitest` and `asc` are found. */
const folder = path.join(repository, `.cache/emulator-docs-${process.pid}`)
const page = await Page.read('docs/emulator.md')

beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'authorization.ts'), page.block('filter'))
  await run('bash', ['-euc', page.block('compile')], { cwd: folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const sources: Record<string, string> = {
  'moesif-envoy/emulator': 'sandbox/emulated-plugin/index.ts',
  'moesif-envoy/emulator/matchers': 'sandbox/emulator/matchers/index.ts',
}

test('the example of the page works', async () => {
  const code = page
    .block('test')
    .replaceAll(/'(moesif-envoy\/[\w/]+)'/g, (_match, entry: string) => {
      const source = sources[entry]
      if (!source) throw new Error(`The page imports ${entry}, which this spec does not know.`)
      return `'${pathToFileURL(path.join(repository, source)).href}'`
    })
  await writeFile(path.join(folder, 'example.test.ts'), code)

  expect(await nestedVitest(folder)).toMatch(/Tests\s+5 passed/)
})

test('a trace reads as the page shows', async () => {
  const emulator = await Emulator.load(path.join(folder, 'authorization.wasm'), { trace: true })
  emulator.configure('auth-cluster')
  emulator.trace.clear()
  emulator.worker(0).exchange({ request: { path: '/orders' } })
  emulator.advance(0)

  const shown = page.block('trace').split('\n')
  const lines = String(emulator.trace).split('\n')
  expect(lines).toEqual(expect.arrayContaining(shown))
})
