import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelease, type Release } from '#sandbox/package/release.ts'
import { sha256 } from '#sandbox/package/sha256.ts'

const run = promisify(execFile)
const WASM = 'moesif_envoy_wasm_plugin.wasm'
const skopeo = await run('skopeo', ['--version']).then(
  () => true,
  () => false,
)
/** Where nothing may be skipped, a missing skopeo must fail. */
const readBack = test.skipIf(!skopeo && process.env['CI'] !== 'true')
const reason = skopeo ? '' : ' (skipped: skopeo is not installed)'

let scratch: string
let directory: string
let release: Release
let wasm: Buffer

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'release-'))
  directory = join(scratch, 'release')
  release = await makeRelease(directory)
  wasm = await readFile(join(directory, WASM))
})

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

test('a release holds the module, its options, a bill of materials, the npm package and checksums', async () => {
  const { version } = release

  expect((await readdir(directory)).toSorted()).toEqual([
    'SHA256SUMS',
    `moesif-envoy-${version}.tgz`,
    'moesif_envoy_wasm_plugin.schema.json',
    WASM,
    'oci',
    'sbom.cdx.json',
  ])
  expect(release.wasm).toEqual({ file: WASM, bytes: wasm.length, sha256: sha256(wasm) })
})

test('sha256sum agrees with SHA256SUMS', async () => {
  const { stdout } = await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: directory })

  expect(stdout).toContain(`${WASM}: OK`)
})

test('a second release of the same sources has the same bytes', async () => {
  const again = await makeRelease(join(scratch, 'again'))

  expect(again).toEqual(release)
  expect(await allFiles(join(scratch, 'again'))).toEqual(await allFiles(directory))
})

readBack(
  `skopeo reads the image, and its only layer holds the module as plugin.wasm${reason}`,
  async () => {
    const { layers, config, digest } = await copyOut(release.version)

    expect(digest).toBe(release.images[0]?.digest)
    expect(config.mediaType).toBe('application/vnd.oci.image.config.v1+json')
    expect(layers).toMatchObject([{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' }])
    expect(await filesInTar(gunzipSync(layers[0]?.content ?? Buffer.alloc(0)))).toEqual({
      'plugin.wasm': sha256(wasm),
    })
  },
)

readBack(`skopeo reads the artifact, and its second layer is the module${reason}`, async () => {
  const { layers, config, digest } = await copyOut(`${release.version}-artifact`)

  expect(digest).toBe(release.images[1]?.digest)
  expect(config.mediaType).toBe('application/vnd.module.wasm.config.v1+json')
  expect(layers.map(({ mediaType }) => mediaType)).toEqual([
    'application/vnd.module.wasm.config.v1+json',
    'application/vnd.module.wasm.content.layer.v1+wasm',
  ])
  expect(layers[1]?.content.equals(wasm)).toBe(true)
})

test('the bill of materials names the module, what is compiled into it and what the package installs', async () => {
  const bill = JSON.parse(await readFile(join(directory, 'sbom.cdx.json'), 'utf8')) as Bill
  const { dependencies: wanted } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { dependencies: Record<string, string> }

  const names = new Set(bill.components.map(({ name }) => name))

  expect(
    [WASM, 'assemblyscript', ...Object.keys(wanted)].filter((name) => !names.has(name)),
  ).toEqual([])
  expect(bill.components.find(({ name }) => name === WASM)?.hashes).toEqual([
    { alg: 'SHA-256', content: sha256(wasm) },
  ])
  const references = new Set(bill.components.map((component) => component['bom-ref']))
  const dangling = bill.dependencies.flatMap(({ dependsOn }) => dependsOn)
  expect(dangling.filter((reference) => !references.has(reference))).toEqual([])
  expect(references.size).toBe(bill.components.length)
})

interface Bill {
  components: { name: string; 'bom-ref': string; hashes?: { alg: string; content: string }[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

interface Descriptor {
  mediaType: string
  digest: string
}

/** Copies an image out of the layout, which checks every digest, and reads what came out. */
async function copyOut(tag: string) {
  const target = join(scratch, `copy-${tag}`)
  await run('skopeo', [
    '--insecure-policy',
    'copy',
    '--preserve-digests',
    `oci:${join(directory, 'oci')}:${tag}`,
    `dir:${target}`,
  ])
  const text = await readFile(join(target, 'manifest.json'))
  const { config, layers } = JSON.parse(text.toString()) as {
    config: Descriptor
    layers: Descriptor[]
  }
  return {
    digest: `sha256:${sha256(text)}`,
    config,
    layers: await Promise.all(
      layers.map(async ({ mediaType, digest }) => ({
        mediaType,
        content: await readFile(join(target, digest.replace('sha256:', ''))),
      })),
    ),
  }
}

async function filesInTar(tar: Buffer): Promise<Record<string, string>> {
  const archive = extract()
  archive.end(tar)
  const files: Record<string, string> = {}
  for await (const entry of archive) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    files[entry.header.name] = sha256(Buffer.concat(chunks))
  }
  return files
}

async function allFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const hashes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map(async (file) => [file.slice(folder.length), sha256(await readFile(file))] as const)
  return Object.fromEntries(await Promise.all(hashes))
}
