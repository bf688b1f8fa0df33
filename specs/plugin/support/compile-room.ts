import path from 'node:path'
import { literalBytes } from '#plugin/build/literal-bytes.ts'

const project = path.resolve(import.meta.dirname, '../../..')

/**
 * A part of the plugin that calls no host, compiled alone, in memory: its entry is `specs/plugin/support/rooms/NAME.ts`.
 *
 * @throws Error with the compiler's messages
 */
export async function compileRoom<Exports>(
  name: string,
): Promise<Exports & { memory: WebAssembly.Memory }> {
  const { main: compile } = await import('assemblyscript/asc')
  const output = new Map<string, Uint8Array<ArrayBuffer>>()
  const { error, stderr } = await compile(
    [
      `specs/plugin/support/rooms/${name}.ts`,
      `--baseDir=${project}`,
      '--outFile=room.wasm',
      '--runtime=minimal',
      '--use=abort=plugin/assembly/abi/abort/abort',
      '--exportStart=_initialize',
      '--enable=simd',
      '--optimizeLevel=1',
      '--noAssert',
    ],
    {
      transforms: [literalBytes],
      writeFile: (file, content) =>
        void output.set(file, new Uint8Array(Buffer.from(content as Uint8Array))),
    },
  )
  const wasm = output.get('room.wasm')
  if (error || !wasm) throw new Error(`${name} does not compile:\n${stderr.toString()}`)
  const compiled = await WebAssembly.compile(wasm)
  const instance = await WebAssembly.instantiate(compiled, hostOf(compiled))
  const start = instance.exports['_initialize'] as () => void
  start()
  return instance.exports as unknown as Exports & { memory: WebAssembly.Memory }
}

/** What is imported but never called, or may do nothing: so a host without randomness, too. */
function hostOf(module: WebAssembly.Module): WebAssembly.Imports {
  const host: Record<string, Record<string, () => number>> = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    ;(host[from] ??= {})[name] = () => 0
  }
  return host
}
