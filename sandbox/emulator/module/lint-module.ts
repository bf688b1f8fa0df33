import { abiVersions, type AbiVersion } from '../abi/constants.ts'
import {
  callbacks,
  callbacksOfAbi010,
  envImports,
  versionsOfImport,
  wasiImports,
  wasiModules,
} from '../abi/signatures.ts'
import { readWasmModule, type WasmModule } from './wasm-module.ts'

/**
 * What would keep Envoy from loading this module, one sentence each; empty when nothing would.
 *
 * @example lintModule(await readFile('plugin.wasm')) // ['imports env.seed (:F): no host has it']
 */
export function lintModule(wasm: Uint8Array | WasmModule): string[] {
  const module = wasm instanceof Uint8Array ? readWasmModule(wasm) : wasm
  const abi = abiOf(module)
  const findings: string[] = []
  if (abi === null) {
    findings.push(
      'exports no proxy_abi_version_0_2_1 (or _0_2_0, _0_1_0): Envoy cannot determine its ABI',
    )
  }
  const exported = new Map(module.exports.map((item) => [item.name, item.type]))
  if (!exported.has('memory')) findings.push('exports no memory')
  if (!exported.has('malloc') && !exported.has('proxy_on_memory_allocate')) {
    findings.push('exports neither malloc nor proxy_on_memory_allocate')
  }
  for (const { module: from, name, type } of module.imports) {
    const expected = expectedImport(from, name)
    if (expected === undefined) findings.push(`imports ${from}.${name} (${type}): no host has it`)
    else if (expected !== type) {
      findings.push(`imports ${from}.${name} as (${type}): hosts have it as (${expected})`)
    } else if (abi && versionsOfImport[name]?.includes(abi) === false) {
      const version = abi.replaceAll('_', '.')
      findings.push(`imports ${from}.${name}, which ABI ${version} does not have`)
    }
  }
  for (const [name, type] of exported) {
    const expected = (abi === '0_1_0' && callbacksOfAbi010[name]) || callbacks[name]
    if (expected !== undefined && expected !== type) {
      findings.push(`exports ${name} as (${type}): hosts expect (${expected})`)
    }
  }
  return findings
}

/** The newest that the module says it speaks. */
export function abiOf(module: WasmModule): AbiVersion | null {
  const names = new Set(module.exports.map((item) => item.name))
  return abiVersions.findLast((version) => names.has(`proxy_abi_version_${version}`)) ?? null
}

function expectedImport(module: string, name: string): string | undefined {
  if (module === 'env') return envImports[name]
  return wasiModules.has(module) ? wasiImports[name] : undefined
}
