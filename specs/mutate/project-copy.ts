import { cp, mkdir, rm, symlink, utimes, writeFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { compilePlugin, type ReadSource } from '#plugin/build/build.ts'
import type { Mutant } from './mutant.ts'

const COPIED = ['plugin', 'sandbox', 'mock-moesif', 'specs', 'examples', 'docs', 'bench']
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
]
const WASM = 'plugin/dist/moesif_envoy_wasm_plugin.wasm'

/**
 * A copy of the project to seed defects into: its specs compile and load what they always do, and the project itself stays as
 * it is, whatever happens. Packages are those of the project.
 */
export class ProjectCopy implements AsyncDisposable {
  readonly root: string
  readonly #project: string
  #sources = new Set<string>()
  #original: Uint8Array = new Uint8Array(0)
  #originalOptimized: Uint8Array = new Uint8Array(0)

  private constructor(project: string, root: string) {
    this.#project = project
    this.root = root
  }

  /** @param label of this copy, among those that this process makes */
  static async make(project: string, label: string): Promise<ProjectCopy> {
    const copy = new ProjectCopy(
      project,
      path.join(project, `.cache/mutate-${process.pid}-${label}`),
    )
    await mkdir(copy.root, { recursive: true })
    for (const name of [...COPIED, ...FILES]) {
      await cp(path.join(project, name), path.join(copy.root, name), { recursive: true })
    }
    await symlink(path.join(project, 'node_modules'), path.join(copy.root, 'node_modules'))
    copy.#original = await copy.#compile(0, (name, folder) => copy.#remember(name, folder))
    copy.#originalOptimized = await copy.#compile(1)
    await copy.#place(copy.#original)
    return copy
  }

  /** Whether the plugin is made of this source; some are compiled by specs only. */
  isPartOfPlugin(file: string): boolean {
    return this.#sources.has(file)
  }

  /** Seeds it; `invalid` when that does not compile, `same` when it compiles to the very module without it. */
  async seed(mutant: Mutant): Promise<'seeded' | 'invalid' | 'same'> {
    const source = await readFile(path.join(this.#project, mutant.file), 'utf8')
    const mutated = source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end)
    await writeFile(path.join(this.root, mutant.file), mutated)
    try {
      return await this.#seedAt(0, mutant, this.#original)
    } catch {
      return 'invalid'
    }
  }

  /** As `seed`, of what is seeded already: the optimizer finds more that is the same, and takes longer. */
  async optimize(mutant: Mutant): Promise<'seeded' | 'same'> {
    return await this.#seedAt(1, mutant, this.#originalOptimized)
  }

  async restore(mutant: Mutant): Promise<void> {
    await cp(path.join(this.#project, mutant.file), path.join(this.root, mutant.file))
    await this.#place(this.#original)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }

  async #seedAt(level: 0 | 1, { file }: Mutant, original: Uint8Array): Promise<'seeded' | 'same'> {
    const wasm = await this.#compile(level)
    const isSame = this.isPartOfPlugin(file) && Buffer.compare(wasm, original) === 0
    await this.#place(wasm)
    return isSame ? 'same' : 'seeded'
  }

  async #compile(
    optimizeLevel: 0 | 1,
    read: ReadSource = (name, folder) => this.#readCopied(path.resolve(folder, name)),
  ): Promise<Uint8Array> {
    let wasm: Uint8Array | null = null
    await compilePlugin('mutant.wasm', {
      optimizeLevel,
      readFile: read,
      writeFile: (_file, content) => (wasm = Buffer.from(content as Uint8Array)),
    })
    return wasm!
  }

  async #remember(name: string, folder: string): Promise<string | null> {
    const text = await readSource(path.resolve(folder, name))
    if (text !== null) {
      this.#sources.add(path.relative(this.#project, path.resolve(folder, name)))
    }
    return text
  }

  async #readCopied(absolute: string): Promise<string | null> {
    const relative = path.relative(this.#project, absolute)
    const isPlugin = relative.startsWith('plugin/')
    return await readSource(isPlugin ? path.join(this.root, relative) : absolute)
  }

  /** Newer than every source, so that no spec compiles it again. */
  async #place(wasm: Uint8Array): Promise<void> {
    const file = path.join(this.root, WASM)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, wasm)
    const later = new Date(Date.now() + 60_000)
    await utimes(file, later, later)
  }
}

const readSource = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch(() => null)
