import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Compiles a small AssemblyScript filter in memory, for specs and benchmarks that need another one than the plugin.
 *
 * @param startSection top-level code runs when the module is instantiated rather than in `_initialize`
 * @example const wasm = await compileFilter('sandbox/emulator/fixtures/probe.ts')
 */
export async function compileFilter(
  file: string,
  { startSection = false }: { startSection?: boolean } = {},
): Promise<Uint8Array> {
  let wasm: Uint8Array | null = null
  // @note At its import the compiler reads process.argv: import it only when compiling.
  const { main } = await import('assemblyscript/asc')
  const { error, stderr } = await main(
    [
      basename(file),
      '--outFile=filter.wasm',
      '--optimizeLevel=2',
      '--runtime=stub',
      ...(startSection ? [] : ['--exportStart=_initialize']),
      '--use=abort=',
      '--noAssert',
    ],
    {
      readFile: (name) => readFile(join(dirname(file), name), 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        wasm = typeof contents === 'string' ? Buffer.from(contents) : contents
      },
    },
  )
  if (error || !wasm)
    throw new Error(`${file} does not compile: ${stderr.toString()}`, { cause: error })
  return wasm
}
