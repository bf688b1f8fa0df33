import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { compilePlugin } from '#plugin/build/build.ts'

/** What is asked of this thread. */
export interface CompileRequest {
  id: number
  optimizeLevel: 0 | 1
  /** A source that has another text. */
  replaced?: { file: string; text: string }
}

/** What has come of it. */
export interface Compiled {
  /** Null: it does not compile. */
  wasm: Uint8Array | null
  /** Whether the source that was replaced is part of it; some are compiled by specs only. */
  isPart: boolean
}

export interface CompileAnswer extends Compiled {
  id: number
}

const { project, root } = workerData as { project: string; root: string }
const texts = new Map<string, Promise<string | null>>()

/** The plugin's sources are those in `root`, packages are the project's. They are read once. */
function read(absolute: string): Promise<string | null> {
  const relative = path.relative(project, absolute)
  const file = relative.startsWith('plugin/') ? path.join(root, relative) : absolute
  const known = texts.get(file) ?? readFile(file, 'utf8').catch(() => null)
  texts.set(file, known)
  return known
}

async function compile({ optimizeLevel, replaced }: CompileRequest): Promise<Compiled> {
  const replacedFile = replaced && path.join(project, replaced.file)
  const compiled: Compiled = { wasm: null, isPart: false }
  await compilePlugin('mutant.wasm', {
    optimizeLevel,
    readFile: async (name, folder) => {
      const absolute = path.resolve(folder, name)
      if (absolute !== replacedFile) return await read(absolute)
      compiled.isPart = true
      return replaced!.text
    },
    writeFile: (_file, content) => (compiled.wasm = content as Uint8Array),
  }).catch(() => {
    compiled.wasm = null
  })
  return compiled
}

async function answer(request: CompileRequest): Promise<void> {
  const compiled: CompileAnswer = { id: request.id, ...(await compile(request)) }
  parentPort!.postMessage(compiled, [])
}

// One after the other.
let last = Promise.resolve()
parentPort!.on('message', (request: CompileRequest) => {
  last = last.then(() => answer(request))
})
