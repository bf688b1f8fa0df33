import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sha256 } from './sha256.ts'
import { tarOf } from './tar.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const IMAGE_CONFIG = 'application/vnd.oci.image.config.v1+json'
const IMAGE_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
const WASM_CONFIG = 'application/vnd.module.wasm.config.v1+json'
const WASM_LAYER = 'application/vnd.module.wasm.content.layer.v1+wasm'
/** The name that the agents of Istio and Envoy Gateway look for inside a layer. */
const FILE_IN_LAYER = 'plugin.wasm'

interface Descriptor {
  mediaType: string
  digest: string
  size: number
  annotations?: Record<string, string>
}

/** An image in the layout, by its tag. */
export interface WrittenImage {
  tag: string
  digest: string
}

/**
 * Writes an OCI image layout with the module in the two shapes that proxies load:
 * - tag `VERSION`: an ordinary image whose layer is a tar with plugin.wasm in it, which every registry takes;
 * - tag `VERSION-artifact`: an artifact whose layer is the module itself.
 */
export async function writeOciLayout(
  directory: string,
  wasm: Buffer,
  version: string,
): Promise<WrittenImage[]> {
  const blobs = new Blobs(join(directory, 'blobs/sha256'))
  await mkdir(blobs.directory, { recursive: true })
  const annotations = {
    'org.opencontainers.image.title': 'moesif-envoy-wasm-plugin',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'MIT',
  }
  const images = [
    { tag: version, manifest: await imageManifest(blobs, wasm) },
    { tag: `${version}-artifact`, manifest: await artifactManifest(blobs, wasm) },
  ]
  const manifests: Descriptor[] = []
  for (const { tag, manifest } of images) {
    const descriptor = await blobs.addJson(MANIFEST, {
      schemaVersion: 2,
      mediaType: MANIFEST,
      ...manifest,
      annotations,
    })
    manifests.push({ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': tag } })
  }
  const index = { schemaVersion: 2, mediaType: INDEX, manifests }
  await writeFile(join(directory, 'index.json'), json(index))
  await writeFile(join(directory, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }))
  return images.map(({ tag }, index_) => ({ tag, digest: manifests[index_]?.digest ?? '' }))
}

async function imageManifest(blobs: Blobs, wasm: Buffer): Promise<object> {
  const tar = await tarOf(FILE_IN_LAYER, wasm)
  const layer = await blobs.add(IMAGE_LAYER, gzip(tar))
  const config = await blobs.addJson(IMAGE_CONFIG, {
    created: new Date(0).toISOString(),
    architecture: 'wasm',
    os: 'wasip1',
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(tar)}`] },
  })
  return { config, layers: [layer] }
}

/** @note Istio wants exactly two layers here, of which it reads the module's; the other is the module's configuration. */
async function artifactManifest(blobs: Blobs, wasm: Buffer): Promise<object> {
  const config = await blobs.addJson(WASM_CONFIG, {})
  return { config, layers: [config, await blobs.add(WASM_LAYER, wasm)] }
}

/** Files named by their content. */
class Blobs {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  async add(mediaType: string, content: Buffer): Promise<Descriptor> {
    const digest = sha256(content)
    await writeFile(join(this.directory, digest), content)
    return { mediaType, digest: `sha256:${digest}`, size: content.length }
  }

  async addJson(mediaType: string, value: unknown): Promise<Descriptor> {
    return await this.add(mediaType, Buffer.from(json(value)))
  }
}

/** @note byte 9 of a gzip stream names the operating system it was made on. */
function gzip(content: Buffer): Buffer {
  const compressed = gzipSync(content, { level: 9 })
  compressed[9] = 0xff
  return compressed
}

const json = (value: unknown): string => JSON.stringify(value)
