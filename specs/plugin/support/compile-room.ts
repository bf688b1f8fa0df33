import path from 'node:path'
import { literalBytes } from '#plugin/build/literal-bytes.ts'

const project = path.resolve(import.meta.dirname, '../../..')

const compiled = new Map<string, Promise<WebAssembly.Module>>()

/**
 * A part of the plugin, compiled alone, in memory: its entry is `specs/plugin/support/rooms/NAME.ts`. Each call gives a module of
 * its own.
 *
 * @param imports functions of the host by their names
 * @throws Error with the compiler's messages
 */
export async function compileRoom<Exports>(
  name: string,
  imports: WebAssembly.ModuleImports = {},
): Promise<Exports & { memory: WebAssembly.Memory }> {
  const known = compiled.get(name) ?? compile(name)
  compiled.set(name, known)
  const module = await known
  const instance = await WebAssembly.instantiate(module, hostOf(module, imports))
  const start = instance.exports['_initialize'] as () => void
  start()
  return instance.exports as unknown as Exports & { memory: WebAssembly.Memory }
}

async function compile(name: string): Promise<WebAssembly.Module> {
  const { main } = await import('assemblyscript/asc')
  const output = new Map<string, Uint8Array<ArrayBuffer>>()
  const { error, stderr } = await main(
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
  return await WebAssembly.compile(wasm)
}

/** What is imported but not given may do nothing when it is called. */
function hostOf(module: WebAssembly.Module, given: WebAssembly.ModuleImports): WebAssembly.Imports {
  const host: WebAssembly.Imports = {}
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    ;(host[from] ??= {})[name] = given[name] ?? (() => 0)
  }
  return host
}
