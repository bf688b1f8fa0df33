import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPlugin } from '#plugin/build/build.ts'
import type { LockedPackages } from './lock-file.ts'
import { writeNpmPackage } from './npm-package.ts'
import { writeOciLayout, type WrittenImage } from './oci-layout.ts'
import { sbom } from './sbom.ts'
import { sha256 } from './sha256.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const SCHEMA = 'moesif_envoy_wasm_plugin.schema.json'

/** What was put into the release folder. */
export interface Release {
  version: string
  wasm: { file: string; bytes: number; sha256: string }
  images: WrittenImage[]
  /** SHA-256 by file, the image layout's own files aside: they are named by theirs. */
  checksums: Record<string, string>
}

/**
 * Makes everything that is published with a version: the module, its options schema, a bill of materials, the module as
 * OCI images, the npm package, and SHA256SUMS. The same sources give the same bytes.
 */
export async function makeRelease(directory: string): Promise<Release> {
  const { name, version } = await readJson<{ name: string; version: string }>('package.json')
  const { packages } = await readJson<{ packages: LockedPackages }>('package-lock.json')
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })

  const { path: built } = await buildPlugin()
  const wasm = await readFile(built)
  const wasmName = basename(built)
  await writeFile(join(directory, wasmName), wasm)
  await copyFile(join(PROJECT, 'plugin/config.schema.json'), join(directory, SCHEMA))
  const bill = sbom({ name, version, packages, wasm, wasmName })
  await writeFile(join(directory, 'sbom.cdx.json'), `${JSON.stringify(bill, undefined, 2)}\n`)
  await writeNpmPackage(PROJECT, directory)
  const checksums = await checksumsOf(directory)
  await writeFile(join(directory, 'SHA256SUMS'), sums(checksums))
  return {
    version,
    wasm: { file: wasmName, bytes: wasm.length, sha256: sha256(wasm) },
    images: await writeOciLayout(join(directory, 'oci'), wasm, version),
    checksums,
  }
}

async function checksumsOf(directory: string): Promise<Record<string, string>> {
  const files = (await readdir(directory)).toSorted()
  const hashes = files.map(
    async (file) => [file, sha256(await readFile(join(directory, file)))] as const,
  )
  return Object.fromEntries(await Promise.all(hashes))
}

/** As `sha256sum --check` reads it. */
const sums = (checksums: Record<string, string>): string =>
  Object.entries(checksums)
    .map(([file, hash]) => `${hash}  ${file}\n`)
    .join('')

const readJson = async <T>(file: string): Promise<T> =>
  JSON.parse(await readFile(join(PROJECT, file), 'utf8')) as T
