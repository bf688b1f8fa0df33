import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('./generator/', import.meta.url))
const CACHE = fileURLToPath(new URL('../../.cache/istio/', import.meta.url))

/** The Go program that asks Istio's control plane, built. */
export interface GeneratorProgram {
  /** Version of the istio.io/istio module. */
  istio: string
  /** Answers the program's JSON for these manifest files. */
  generate: (manifests: string[], out: string) => Promise<void>
}

/** Builds it: some minutes the first time, when Go has to compile Istio; seconds afterwards. */
export async function buildGenerator(): Promise<GeneratorProgram> {
  await mkdir(CACHE, { recursive: true })
  const binary = join(CACHE, 'generator')
  await go(['build', '-trimpath', '-buildvcs=false', '-o', binary, '.'])
  const module = JSON.parse(await go(['list', '-m', '-json', 'istio.io/istio'])) as {
    Version: string
    Dir: string
  }
  const template = join(module.Dir, 'tools/packaging/common/envoy_bootstrap.json')
  return {
    istio: module.Version,
    generate: async (manifests, out) => {
      await run(binary, ['-template', template, '-o', out, ...manifests], { maxBuffer: 64 << 20 })
    },
  }
}

async function go(args: string[]): Promise<string> {
  try {
    const { stdout } = await run('go', args, {
      cwd: SOURCE,
      env: { ...process.env, CGO_ENABLED: '0' },
      maxBuffer: 64 << 20,
    })
    return stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Go is needed to ask Istio: install Go 1.26 or later (https://go.dev/dl/)', {
      cause: error,
    })
  }
}
