/**
 * What a start has made so far. Undone, last first, at the end of its `await using`, unless the start was completed.
 *
 * @note AsyncDisposableStack would do, but the npm package also runs on Node 22, which has none.
 */
export class PartsOfStart implements AsyncDisposable {
  #undo: (() => PromiseLike<void>)[] = []

  defer(undo: () => PromiseLike<void>): void {
    this.#undo.push(undo)
  }

  use<T extends AsyncDisposable>(part: T): T {
    this.defer(() => part[Symbol.asyncDispose]())
    return part
  }

  /** Nothing is undone: what was started takes care of itself. */
  complete(): void {
    this.#undo = []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (const undo of this.#undo.splice(0).toReversed()) {
      await Promise.resolve(undo()).catch((error: unknown) => errors.push(error))
    }
    if (errors.length > 0) throw errors[0]
  }
}
