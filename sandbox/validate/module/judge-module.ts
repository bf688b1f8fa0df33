import { lintModule } from '#sandbox/emulator/index.ts'

/** What keeps Envoy from loading a module, undefined for one that it loads. */
export function judgeModule(wasm: Uint8Array<ArrayBuffer>): string | undefined {
  if (!WebAssembly.validate(wasm)) return 'is not a WebAssembly module'
  const [finding] = lintModule(wasm)
  return finding === undefined ? undefined : `is not a Proxy-Wasm module: ${finding}`
}
