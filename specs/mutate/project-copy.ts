import { cp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isAlive } from '#sandbox/envoy/run-directory.ts'

/** What specs of room `plugin` are made of, and all that they read. */
export const COPIED = [
  'plugin',
  'sandbox',
  'mock-moesif',
  'specs',
  'examples',
  'docs',
  'bench',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
]
const WASM = 'plugin/dist/moesif_envoy_wasm_plugin.wasm'
const NAME = /^mutate-(\d+)-/

/**
 * A copy of the project to seed defects into: its specs compile and load what they always do, and the project itself stays as
 * it is, whatever happens. Packages are those of the project.
 */
export class ProjectCopy implements AsyncDisposable {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  /** @param label of this copy, among those that this process makes */
  static async make(project: string, label: string): Promise<ProjectCopy> {
    const root = path.join(project, `.cache/mutate-${process.pid}-${label}`)
    const copy = new ProjectCopy(root)
    await mkdir(root, { recursive: true })
    for (const name of COPIED) {
      await cp(path.join(project, name), path.join(root, name), { recursive: true })
    }
    await symlink(path.join(project, 'node_modules'), path.join(root, 'node_modules'))
    return copy
  }

  /** Those of runs that were killed. */
  static async removeStale(project: string): Promise<void> {
    const cache = path.join(project, '.cache')
    for (const name of await readdir(cache).catch(() => [])) {
      const owner = Number(NAME.exec(name)?.[1])
      if (owner && !isAlive(owner)) await rm(path.join(cache, name), { recursive: true })
    }
  }

  /** A source with another text, and the plugin that was made of it: newer than every source, so that no spec compiles it again. */
  async seed(file: string, text: string, wasm: Uint8Array): Promise<void> {
    await writeFile(path.join(this.root, file), text)
    await this.place(wasm)
  }

  async place(wasm: Uint8Array): Promise<void> {
    const file = path.join(this.root, WASM)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, wasm)
    const later = new Date(Date.now() + 60_000)
    await utimes(file, later, later)
  }

  async restore(file: string, text: string): Promise<void> {
    await writeFile(path.join(this.root, file), text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 3 })
  }
}
