import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { nestedVitest } from '#specs/support/nested-vitest.ts'
import { parseQuery } from '#mock-moesif/query/index.ts'
import { startMockMoesif } from '#mock-moesif/index.ts'

const run = promisify(execFile)
const repository = path.resolve(import.meta.dirname, '../..')
/** Within the repository, so that `msw` and `vitest` are found. */
const folder = path.join(repository, `.cache/docs-examples-${process.pid}`)
const page = await readFile(path.join(repository, 'docs/testing.md'), 'utf8')
afterAll(() => rm(folder, { recursive: true, force: true }))

const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code!,
  )

const sources: Record<string, string> = {
  'moesif-envoy/mock': 'sandbox/mock/index.ts',
  'moesif-envoy/handlers': 'sandbox/mock/moesif-handlers.ts',
  'moesif-envoy/matchers': 'mock-moesif/matchers/index.ts',
}

async function exampleFile(name: string, code: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, name)
  const runnable = code.replaceAll(/'(moesif-envoy\/\w+)'/g, (_match, entry: string) => {
    expect(Object.keys(sources)).toContain(entry)
    return `'${pathToFileURL(path.join(repository, sources[entry]!)).href}'`
  })
  await writeFile(file, runnable)
  return file
}

test('the page has one example of each way, and one for an Envoy', () => {
  expect([blocks('sh').length, blocks('ts').length]).toEqual([1, 3])
})

test('the shell example works', async () => {
  await using moesif = await startMockMoesif()
  const script = blocks('sh')[0]!.replaceAll('http://localhost:9000', moesif.url)
  const { stdout } = await run('bash', ['-euc', script])

  expect(stdout).toContain('"met":true')
  expect(await moesif.application('my-app').counts()).toMatchObject({ received: 0 })
})

test('the TypeScript example works', async () => {
  const file = await exampleFile('mock.ts', blocks('ts')[0]!)
  await run(process.execPath, [file])
})

test('the vitest example works', async () => {
  await exampleFile('example.test.ts', blocks('ts')[1]!)

  expect(await nestedVitest(folder)).toMatch(/Tests\s+1 passed/)
})

test('every query on the page is one', () => {
  const table = page.slice(page.indexOf('| query | finds |'))
  const queries = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, query]) => query!))

  expect(queries.length).toBeGreaterThan(35)
  for (const query of queries) expect(parseQuery(query).problems, query).toEqual([])
})
