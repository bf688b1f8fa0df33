import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const project = path.resolve(import.meta.dirname, '../..')
const sources = path.join(project, 'plugin/assembly')

const flags = [
  'plugin/assembly/index.ts',
  `--baseDir=${project}`,
  '--runtime=minimal',
  '--use=abort=plugin/assembly/abi/abort/abort',
  // Not the start section: that runs before the host has a context to answer host calls in.
  '--exportStart=_initialize',
  '--enable=simd',
  '--noAssert',
]
const optimized = [
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--converge',
  '--transform=./plugin/build/cold-rooms.ts',
]

export interface BuiltPlugin {
  /** Absolute path of the .wasm. */
  path: string
  /** Bytes. */
  size: number
  /** False when the file was newer than everything it is made of. */
  rebuilt: boolean
}

/**
 * Compiles the filter to `plugin/dist/moesif_envoy_wasm_plugin.wasm`, unless that is newer than its sources.
 * With `release: false` to `….debug.wasm`: the same code with function names, for a profiler or a stack trace.
 *
 * @throws Error with the compiler's messages.
 */
export async function buildPlugin({ release = true } = {}): Promise<BuiltPlugin> {
  const name = `moesif_envoy_wasm_plugin${release ? '' : '.debug'}.wasm`
  const output = path.join(project, 'plugin/dist', name)
  if (await isCurrent(output)) {
    return { path: output, size: (await stat(output)).size, rebuilt: false }
  }

  const startedAt = new Date()
  await mkdir(path.dirname(output), { recursive: true })
  // Written beside the target and renamed: a concurrent reader gets the old or the new module, never half of one.
  const draft = `${output}.${randomUUID()}`
  await compilePlugin(path.relative(project, draft), { release })
  // A source that changed while the compiler ran is newer than what it made.
  await utimes(draft, startedAt, startedAt)
  await rename(draft, output)
  return { path: output, size: (await stat(output)).size, rebuilt: true }
}

/** Null: no such file, which is how the compiler finds out where a module is. */
export type ReadSource = (name: string, folder: string) => Promise<string | null>

/**
 * Compiles the filter to a file, by its path from the project, or to whatever `writeFile` does with it.
 *
 * @param optimizeLevel a lower one takes a tenth of the time, for a module that behaves the same
 * @param readFile default: from the disk
 * @throws Error with the compiler's messages
 */
export async function compilePlugin(
  output: string,
  {
    release = true,
    optimizeLevel,
    readFile,
    writeFile,
  }: {
    release?: boolean
    optimizeLevel?: 0 | 1
    readFile?: ReadSource
    writeFile?: (file: string, content: string | Uint8Array) => void
  } = {},
): Promise<void> {
  // Imported here: loading the compiler takes longer than most specs.
  const { main: compile } = await import('assemblyscript/asc')
  const { literalBytes } = await import('./literal-bytes.ts')
  const { error, stderr } = await compile(
    [
      ...flags,
      ...(optimizeLevel === undefined ? optimized : [`--optimizeLevel=${optimizeLevel}`]),
      '--outFile',
      output,
      ...(release ? [] : ['--debug']),
    ],
    { transforms: [literalBytes], ...(readFile && { readFile }), ...(writeFile && { writeFile }) },
  )
  if (error) throw new Error(`The plugin does not compile:\n${stderr.toString()}`)
}

async function isCurrent(output: string): Promise<boolean> {
  const built = await stat(output).catch(() => null)
  if (!built) return false
  const entries = await readdir(sources, { recursive: true, withFileTypes: true })
  const inputs = entries.filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name))
  const build = ['build.ts', 'cold-rooms.ts', 'literal-bytes.ts'].map((name) =>
    path.join(import.meta.dirname, name),
  )
  inputs.push(...build, path.join(project, 'package-lock.json'))
  const times = await Promise.all(inputs.map(async (file) => (await stat(file)).mtimeMs))
  return times.every((time) => time <= built.mtimeMs)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { path: file, size, rebuilt } = await buildPlugin()
  const state = rebuilt ? 'built' : 'up to date'
  console.log(`${path.relative(process.cwd(), file)}: ${size} bytes, ${state}`)
}
