import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { pack } from 'tar-stream'

const run = promisify(execFile)

/** The files of an image without a base: binaries of this machine with the shared libraries they load. */
export class RootFilesystem {
  readonly #files = new Map<string, { content: Buffer; mode: number }>()
  readonly #links = new Map<string, string>()
  readonly #directories = new Map<string, number>()

  add(path: string, content: string | Buffer, mode = 0o644): this {
    this.#files.set(path, { content: Buffer.from(content), mode })
    return this
  }

  addLink(path: string, target: string): this {
    this.#links.set(path, target)
    return this
  }

  addDirectory(path: string, mode = 0o755): this {
    this.#directories.set(path, mode)
    return this
  }

  /** A dynamically linked binary of this machine, with its libraries where the loader looks for them. */
  async addBinary(path: string, source: string): Promise<this> {
    this.add(path, await readFile(source), 0o755)
    const { stdout } = await run('ldd', [source])
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      if (library.endsWith(':')) continue
      this.add(library, await readFile(await realpath(library)), 0o755)
    }
    return this
  }

  /** Libraries that only modules loaded later need, from the folder of libc. */
  async addLibraries(names: readonly string[]): Promise<this> {
    const libc = [...this.#files.keys()].find((path) => path.endsWith('/libc.so.6'))
    if (libc === undefined) return this
    for (const name of names) {
      const path = join(dirname(libc), name)
      const content = await readFile(path).catch(() => undefined)
      if (content) this.add(path, content, 0o755)
    }
    return this
  }

  async addTree(path: string, source: string): Promise<this> {
    for (const entry of await readdir(source, { withFileTypes: true })) {
      const from = join(source, entry.name)
      const to = `${path}/${entry.name}`
      if (entry.isDirectory()) await this.addTree(to, from)
      else if (entry.isSymbolicLink()) this.addLink(to, await readlink(from))
      else this.add(to, await readFile(from), 0o755)
    }
    return this
  }

  toTar(): Readable {
    const tar = pack()
    for (const [path, mode] of this.#directories) {
      tar.entry({ name: path.slice(1), type: 'directory', mode })
    }
    for (const [path, { content, mode }] of this.#files) {
      tar.entry({ name: path.slice(1), mode, size: content.length }, content)
    }
    for (const [path, linkname] of this.#links) {
      tar.entry({ name: path.slice(1), type: 'symlink', linkname })
    }
    tar.finalize()
    return tar as unknown as Readable
  }
}
