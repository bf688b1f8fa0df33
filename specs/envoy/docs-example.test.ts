import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, inject, vi } from 'vitest'
import { Page } from '#specs/support/page.ts'

const sources: Record<string, string> = {
  'moesif-envoy/envoy': '#sandbox/index.ts',
  'moesif-envoy/matchers': '#mock-moesif/matchers/index.ts',
  'moesif-envoy/mock': '#sandbox/mock/index.ts',
}
const repository = path.resolve(import.meta.dirname, '../..')
/** Within the repository, for its imports. */
const folder = path.join(repository, `.cache/envoy-docs-${process.pid}`)
const code = (await Page.read('docs/testing.md'))
  .block('envoy')
  .replaceAll(/'(moesif-envoy\/[\w/]+)'/g, (_match, entry: string) => {
    const source = sources[entry]
    if (!source) throw new Error(`The page imports ${entry}, which this spec does not know.`)
    return `'${source}'`
  })
await mkdir(folder, { recursive: true })
const file = path.join(folder, 'example.ts')
await writeFile(file, code)

// The kind of Envoy of this run.
vi.stubEnv('ENVOY_RUNTIME', inject('envoyRuntime').name)
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

// Its tests become those of this file.
await import(pathToFileURL(file).href)
