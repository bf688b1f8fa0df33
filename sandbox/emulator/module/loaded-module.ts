import { readFile } from 'node:fs/promises'
import type { AbiVersion } from '../abi/constants.ts'
import { abiOf, lintModule } from './lint-module.ts'
import { readWasmModule } from './wasm-module.ts'

/** A module that a Proxy-Wasm host can load, compiled. */
export interface LoadedModule {
  /** Its file, or `The module`. */
  readonly name: string
  readonly abi: AbiVersion
  readonly compiled: WebAssembly.Module
}

const modules = new WeakMap<Uint8Array, Promise<WebAssembly.Module>>()

/** @param wasm a file's path or its bytes. Throws, naming each import or export, what keeps Envoy from loading it. */
export async function loadModule(wasm: string | Uint8Array): Promise<LoadedModule> {
  const bytes = typeof wasm === 'string' ? await readFile(wasm) : wasm
  const name = typeof wasm === 'string' ? wasm : 'The module'
  const contents = readWasmModule(bytes)
  const findings = lintModule(contents)
  const abi = abiOf(contents)
  if (findings.length > 0 || !abi) {
    throw new Error(`${name} can't be loaded by a Proxy-Wasm host: it ${findings.join('; it ')}.`)
  }
  // Bytes that were compiled before are not compiled again: a spec makes many emulators of one plugin.
  let compiled = modules.get(bytes)
  if (!compiled) {
    compiled = WebAssembly.compile(bytes as BufferSource)
    modules.set(bytes, compiled)
  }
  return { name, abi, compiled: await compiled }
}
