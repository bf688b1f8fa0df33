import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** The folders whose code is shipped; the files beside them go along. */
const ROOMS = ['plugin', 'sandbox', 'mock-moesif'] as const

/**
 * Writes the npm package into a folder. It is packed from a copy of the project: packing builds `dist/` anew, which two
 * at a time must not do in one place, and what lies about in a checkout is not to be shipped.
 */
export async function writeNpmPackage(project: string, directory: string): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'moesif-envoy-package-'))
  try {
    const entries = await readdir(project, { withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    for (const name of [...files, ...ROOMS]) {
      // With their times, so that what is built already is not built again.
      await cp(join(project, name), join(copy, name), {
        recursive: true,
        preserveTimestamps: true,
        filter: (path) => !/\.debug\.wasm$|\.wasm\.\d+$/.test(basename(path)),
      })
    }
    await symlink(join(project, 'node_modules'), join(copy, 'node_modules'))
    await run('npm', ['pack', '--pack-destination', directory], { cwd: copy, maxBuffer: 64 << 20 })
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}
