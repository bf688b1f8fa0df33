import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'

const NAME = 'other-build'

/** The plugin under another hash: the same code with a custom section more. To Envoy that is a new version of it. */
export class OtherBuild implements AsyncDisposable {
  readonly file: string
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
    this.file = path.join(directory, 'plugin.wasm')
  }

  static async make(): Promise<OtherBuild> {
    const build = new OtherBuild(await mkdtemp(path.join(tmpdir(), 'moesif-other-build-')))
    const customSection = Buffer.from([0, NAME.length + 1, NAME.length, ...Buffer.from(NAME)])
    await writeFile(build.file, Buffer.concat([await readFile(BUILT_PLUGIN), customSection]))
    return build
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}
