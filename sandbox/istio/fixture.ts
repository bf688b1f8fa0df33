import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'
import { EXAMPLES, FIXTURES, ISTIO_CASES, type IstioCase, type IstioCaseName } from './cases.ts'

/** What Istio's control plane and agent give to one Envoy. */
export interface IstioProxy {
  node: EnvoyJson
  clusters: EnvoyJson[]
  endpoints: EnvoyJson[]
  listeners: EnvoyJson[]
  routes: EnvoyJson[]
  /** Extension configurations (ECDS) as istiod sends them. */
  extensions: EnvoyJson[]
  /** … as the agent hands them to Envoy, with the module downloaded; and when that failed. */
  extensionsAfterAgent: EnvoyJson[]
  extensionsAfterFailedDownload: EnvoyJson[]
  /** What the agent downloads. */
  downloads: { url: string; checksum: string }[]
  /** Where istiod attached each extension, before anything was left out: `listener/chain`, in its order. */
  attachments: Record<string, string[]>
}

export interface IstioFixture {
  /** Version of the Go module the configuration was made with. */
  istio: string
  /** SHA-256 of each manifest it was made from. */
  manifests: Record<string, string>
  /** What Istio's admission validation remarks; empty for good manifests. */
  validation: { kind: string; name: string; warning?: string; error?: string }[]
  proxies: Record<string, IstioProxy>
}

export function istioCase(name: IstioCaseName): IstioCase {
  const found = ISTIO_CASES.find((one) => one.name === name)
  if (!found) throw new Error(`There is no Istio case ${name}`)
  return found
}

export const fixtureFile = (name: string): URL => new URL(`${name}.json`, FIXTURES)

export async function readFixture(name: IstioCaseName): Promise<IstioFixture> {
  return JSON.parse(await readFile(fixtureFile(name), 'utf8')) as IstioFixture
}

/** SHA-256 by manifest, as they are now. */
export async function manifestHashes({ manifests }: IstioCase): Promise<Record<string, string>> {
  const hashes = manifests.map(async (file) => {
    const text = await readFile(new URL(file, EXAMPLES))
    return [file, createHash('sha256').update(text).digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(hashes))
}
