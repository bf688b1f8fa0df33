import { basename } from 'node:path'
import type { CallbackPlace } from './callback-place.ts'
import { describeArguments, describeResult, type ReadableMemory } from './describe-call.ts'

/** One callback of a module, with the host calls that it made. */
export interface TracedCallback extends CallbackPlace {
  callback: string
  arguments: readonly number[]
  /** Null where it trapped, or has not returned. */
  result: number | null
  /** One readable line each: `proxy_get_property("request.path") = Ok "/a"`. */
  hostCalls: string[]
}

/** Bounds what is remembered; the oldest goes first. */
const keptCallbacks = 1000

/**
 * Every callback with the host calls that it made. Off unless asked for, since it reads what each call points to.
 *
 * @example
 * const emulator = await Emulator.load('filter.wasm', { trace: true })
 * …
 * console.log(String(emulator.trace))
 */
export class Trace {
  readonly isOn: boolean
  readonly callbacks: TracedCallback[] = []
  #running: TracedCallback[] = []

  constructor(isOn: boolean) {
    this.isOn = isOn
  }

  clear(): void {
    this.callbacks.length = 0
  }

  /** Callbacks flush left, host calls below them. Where there are several plugins or modules, each callback has their names. */
  toString(): string {
    const plugins = new Set(this.callbacks.flatMap(({ plugin }) => plugin ?? []))
    const modules = new Set(this.callbacks.map(({ module }) => module))
    const placeOf = ({ thread, plugin, module }: CallbackPlace): string =>
      [
        thread,
        ...(plugins.size > 1 && plugin !== null ? [plugin] : []),
        ...(modules.size > 1 ? [basename(module)] : []),
      ].join(', ')
    return this.callbacks
      .flatMap((traced) => [
        `${placeOf(traced)}: ${traced.callback}(${traced.arguments.join(', ')}) = ${traced.result ?? 'trap'}`,
        ...traced.hostCalls.map((line) => `  ${line}`),
      ])
      .join('\n')
  }

  /** @internal */
  enter(place: CallbackPlace, callback: string, values: readonly number[]): void {
    if (!this.isOn) return
    const traced = { ...place, callback, arguments: values, result: null, hostCalls: [] }
    this.#running.push(traced)
    this.callbacks.push(traced)
    if (this.callbacks.length > keptCallbacks) this.callbacks.shift()
  }

  /** @internal */
  leave(result: number | null): void {
    const traced = this.#running.pop()
    if (traced) traced.result = result
  }

  /** @internal */
  hostCall(
    name: string,
    values: readonly (number | bigint)[],
    result: number | void,
    memory: ReadableMemory,
  ): void {
    const call = `${name}(${describeArguments(name, values, memory)})`
    this.#running.at(-1)?.hostCalls.push(call + describeResult(name, values, result, memory))
  }
}
