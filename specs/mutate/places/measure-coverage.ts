import { createHash } from 'node:crypto'
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { TestModule } from 'vitest/node'
import { openVitest, specFiles } from '../open-vitest.ts'
import { PluginCompiler } from '../plugin-compiler.ts'
import { COPIED, ProjectCopy } from '../project-copy.ts'
import { writeMarkedSources, type MarkedSources } from './mark-sources.ts'

/** What is made of the rest, and what specs of this room do not use. */
const OTHER =
  /(^|\/)dist\/|^bench\/|^specs\/(?!plugin\/|support\/|mutate\/(?:places\/|open-vitest))/

const CACHE = '.cache/mutation/coverage.json'

/** What the specs of room `plugin` run of it. */
export interface Coverage {
  /** Of all that was measured. */
  hash: string
  files: SpecFile[]
}

export interface SpecFile {
  /** From the project's root. */
  file: string
  /** To load it, ms. */
  loadMs: number
  /** What it runs cannot be told: something failed with the marks, or another process ran. */
  isUnknown: boolean
  /** Its specs use one instance after the other: they run together or not at all. */
  isWhole: boolean
  /** What runs between its specs, e.g. in `beforeAll`. */
  places: string
  specs: Spec[]
}

interface Spec {
  id: string
  name: string
  ms: number
  places: string
}

/** Measured once for the same sources and specs. Null when it was aborted. */
export async function measureCoverage(
  project: string,
  marked: MarkedSources,
  jobs: number,
  signal: AbortSignal,
): Promise<Coverage | null> {
  const cache = path.join(project, CACHE)
  const hash = await hashOf(project)
  const known = await readFile(cache, 'utf8').then(
    (text) => JSON.parse(text) as Coverage,
    () => null,
  )
  if (known?.hash === hash) return known
  console.log(
    'Measuring which places each spec runs. It takes some minutes, once for the same sources and specs.',
  )
  await using copy = await ProjectCopy.make(project, 'coverage')
  await using original = new PluginCompiler(project)
  const wasm = (await original.compile(0)).wasm
  await writeMarkedSources(copy.root, marked)
  await using compiler = new PluginCompiler(project, copy.root)
  const withMarks = (await compiler.compile(1)).wasm
  if (!wasm || !withMarks) throw new Error('The plugin does not compile with marks in it.')
  await copy.place(withMarks)
  const setupFile = path.join(copy.root, 'specs/mutate/places/record-places.ts')
  process.env['MARKED_PLACES'] = String(marked.count)
  const modules = await run(copy, jobs, signal, setupFile)
  if (signal.aborted) return null
  const unknown = modules.filter((module) => !module.ok()).map(({ moduleId }) => moduleId)
  if (unknown.length > 0) {
    for (const { file, source } of marked.sources) await copy.restore(file, source)
    await copy.place(wasm)
    const failed = (await run(copy, jobs, signal, undefined, unknown)).find(
      (module) => !module.ok(),
    )
    if (failed) {
      const name = path.basename(failed.moduleId)
      throw new Error(`The specs fail without any defect (${name}): mend that first.`)
    }
  }
  const coverage = { hash, files: modules.map((module) => specFileOf(copy.root, module)) }
  await mkdir(path.dirname(cache), { recursive: true })
  await writeFile(cache, JSON.stringify(coverage))
  return coverage
}

async function run(
  { root }: ProjectCopy,
  maxWorkers: number,
  signal: AbortSignal,
  setupFile?: string,
  files?: readonly string[],
): Promise<TestModule[]> {
  const vitest = await openVitest(root, {
    reporter: {},
    bail: 0,
    maxWorkers,
    title: path.basename(root),
    ...(setupFile !== undefined && { setupFile }),
  })
  const cancel = () => void vitest.cancelCurrentRun('keyboard-input')
  signal.addEventListener('abort', cancel)
  try {
    const wanted = new Set(files ?? (await specFiles(vitest)))
    const every = await vitest.globTestSpecifications()
    const { testModules } = await vitest.runTestSpecifications(
      every.filter(({ moduleId }) => wanted.has(moduleId)),
      true,
    )
    return testModules
  } finally {
    signal.removeEventListener('abort', cancel)
    await vitest.close()
  }
}

function specFileOf(root: string, module: TestModule): SpecFile {
  const specs = [...module.children.allTests()].filter((test) => test.result().state !== 'skipped')
  const { places = '', startsProcess = true } = module.meta()
  return {
    file: path.relative(root, module.moduleId),
    loadMs: module.diagnostic().collectDuration,
    isUnknown: !module.ok() || startsProcess,
    isWhole: specs.some((test) => test.meta().sharesModule ?? true),
    places,
    specs: specs.map((test) => ({
      id: test.id,
      name: test.fullName,
      ms: test.diagnostic()?.duration ?? 0,
      places: test.meta().places ?? '',
    })),
  }
}

/** Of all that specs of the room are made of. */
async function hashOf(project: string): Promise<string> {
  const hash = createHash('sha256').update(`${process.version} ${process.env['FUZZ'] ?? ''}`)
  const files: string[] = []
  for (const name of COPIED)
    for await (const entry of glob([name, `${name}/**`], { cwd: project, withFileTypes: true }))
      if (entry.isFile())
        files.push(path.relative(project, path.join(entry.parentPath, entry.name)))
  for (const file of files.filter((name) => !OTHER.test(name)).sort())
    hash.update(`\n${file}\n`).update(await readFile(path.join(project, file)))
  return hash.digest('hex')
}
