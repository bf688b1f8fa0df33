import { closure, dependenciesOf, nameOf, type LockedPackages } from './lock-file.ts'
import { sha256 } from './sha256.ts'

export interface SbomInput {
  name: string
  version: string
  packages: LockedPackages
  wasm: Buffer
  wasmName: string
}

/** What is compiled into the module: its runtime library comes from the compiler's package. */
const IN_MODULE = ['node_modules/assemblyscript'] as const

/**
 * A CycloneDX 1.6 bill of materials: the module and what is compiled into it, the npm package and what it installs.
 * Without serial number and time, so that it is the same for the same release.
 */
export function sbom({ name, version, packages, wasm, wasmName }: SbomInput): object {
  const own = `pkg:npm/${name}@${version}`
  const installed = closure(packages, dependenciesOf(packages, ''))
  const listed = [...new Set([...installed, ...IN_MODULE])].toSorted()
  const reference = (path: string): string => purl(nameOf(path), packages[path]?.version ?? '')
  const unique = new Map(listed.map((path) => [reference(path), path]))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'library', 'bom-ref': own, name, version, purl: own, licenses: MIT },
    },
    components: [
      {
        type: 'file',
        'bom-ref': wasmName,
        name: wasmName,
        version,
        hashes: [{ alg: 'SHA-256', content: sha256(wasm) }],
        licenses: MIT,
      },
      ...[...unique].map(([ref, path]) => component(ref, path, packages)),
    ],
    dependencies: [
      { ref: own, dependsOn: dependenciesOf(packages, '').map(reference).toSorted() },
      { ref: wasmName, dependsOn: IN_MODULE.map(reference) },
      ...[...unique].map(([ref, path]) => ({
        ref,
        dependsOn: dependenciesOf(packages, path)
          .map(reference)
          .filter((dependency) => unique.has(dependency))
          .toSorted(),
      })),
    ],
  }
}

const MIT = [{ license: { id: 'MIT' } }]

function component(ref: string, path: string, packages: LockedPackages): object {
  const { version, license, integrity } = packages[path] ?? {}
  const [, base64] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  return {
    type: 'library',
    'bom-ref': ref,
    name: nameOf(path),
    version,
    purl: ref,
    ...(license !== undefined && { licenses: [licenseOf(license)] }),
    ...(base64 !== undefined && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }],
    }),
  }
}

const licenseOf = (license: string): object =>
  /^[\w.-]+$/.test(license) ? { license: { id: license } } : { expression: license }

const purl = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`
