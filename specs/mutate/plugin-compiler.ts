import { Worker } from 'node:worker_threads'
import type { CompileAnswer, Compiled, CompileRequest } from './compile-worker.ts'

/** Compiles the plugin in a thread of its own: one defect's while the specs of another run. */
export class PluginCompiler implements AsyncDisposable {
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<Compiled>>()
  #lastId = 0

  /**
   * @param project where packages are
   * @param root where the plugin's sources are: the project, or a copy of it
   */
  constructor(project: string, root = project) {
    this.#worker = new Worker(new URL('compile-worker.ts', import.meta.url), {
      workerData: { project, root },
    })
    this.#worker.on('message', ({ id, ...compiled }: CompileAnswer) => {
      this.#waiting.get(id)?.resolve(compiled)
      this.#waiting.delete(id)
    })
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    })
  }

  async compile(
    optimizeLevel: 0 | 1,
    replaced?: { file: string; text: string },
  ): Promise<Compiled> {
    const id = ++this.#lastId
    const answer = Promise.withResolvers<Compiled>()
    this.#waiting.set(id, answer)
    const request: CompileRequest = { id, optimizeLevel, ...(replaced && { replaced }) }
    this.#worker.postMessage(request, [])
    return await answer.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate()
  }
}
