import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pluginsOf } from './bootstrap.ts'
import type { EnvoyOptions } from './options.ts'
import { BUILT_PLUGIN, type PluginOptions } from './plugin-filter.ts'

/** The .wasm files as Envoy finds them in `directory`, named by content: Envoy loads a file again only when its name is new. */
export class PluginFiles {
  readonly #directory: string
  readonly #paths = new Map<string, string>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Reads the .wasm files of these options; the caller puts each at its path. */
  async read(options: EnvoyOptions): Promise<{ path: string; wasm: Buffer }[]> {
    const files = new Set(pluginsOf(options).map(({ file = BUILT_PLUGIN }) => file))
    return await Promise.all(
      Array.from(files, async (file) => {
        const wasm = await readPlugin(file)
        const sha256 = createHash('sha256').update(wasm).digest('hex')
        const path = join(this.#directory, `plugin-${sha256.slice(0, 12)}.wasm`)
        this.#paths.set(file, path)
        return { path, wasm }
      }),
    )
  }

  path({ file = BUILT_PLUGIN }: PluginOptions): string {
    return this.#paths.get(file) ?? file
  }
}

async function readPlugin(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const remedy = file === BUILT_PLUGIN ? ' Run `npm run build`.' : ''
    throw new Error(`The plugin ${file} cannot be read.${remedy}`, { cause: error })
  }
}
