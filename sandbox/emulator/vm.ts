import { Action } from './abi.ts'
import type { Context } from './context.ts'
import { envFunctions } from './env-functions.ts'
import type { Host, Trap } from './host.ts'
import { Memory } from './memory.ts'
import { restrictedDuringMalloc, type HostFunction } from './host-function.ts'
import { wasiModules } from './signatures.ts'
import { wasiFunctions } from './wasi-functions.ts'

/** Thrown into the module where a real host would trap it. */
class HostTrap extends Error {}

/** One instance of the module, on one thread. Several plugins with one vm_id live in it and share its memory. */
export class Vm {
  readonly host: Host
  readonly thread: string
  readonly vmId: string
  readonly memory: Memory
  readonly contexts = new Map<number, Context>()
  /** Null while it lives. */
  trap: Trap | null = null
  #exports: Record<string, unknown> = {}
  #current: Context | null = null
  #depth = 0
  #allocating = false
  #afterCallback: (() => void)[] = []
  #lastContextId = 0
  #stopsIteration = false

  constructor(module: WebAssembly.Module, host: Host, thread: string, vmId: string) {
    this.host = host
    this.thread = thread
    this.vmId = vmId
    const instance = new WebAssembly.Instance(module, this.#imports(module))
    this.#exports = instance.exports
    this.memory = new Memory(instance.exports['memory'] as WebAssembly.Memory, (size) =>
      this.#malloc(size),
    )
    this.#run(instance.exports['_initialize'] ? '_initialize' : '_start', [])
  }

  nextContextId(): number {
    return ++this.#lastContextId
  }

  /** The context that host calls act on: the one of the running callback unless the plugin chose another. */
  get current(): Context | null {
    return this.#current
  }

  setEffectiveContext(id: number): boolean {
    const context = this.contexts.get(id)
    if (context) this.#current = context
    return context !== undefined
  }

  has(callback: string): boolean {
    return typeof this.#exports[callback] === 'function'
  }

  /** Runs a callback in a context. Null when the module does not export it, or has trapped before or in it. */
  call(callback: string, context: Context, ...values: number[]): number | null {
    const outer = this.#current
    this.#current = context
    const result = this.#run(callback, values)
    this.#current = outer
    return result
  }

  /**
   * Runs a callback of a stream: its answer, 0 where there is none. A local reply within it makes the answer "hold all", in
   * the number that the kind of callback has for it.
   */
  callStream(callback: string, context: Context, ...values: number[]): number {
    const outer = this.#stopsIteration
    this.#stopsIteration = false
    const action = this.call(callback, context, ...values)
    const stops = this.#stopsIteration
    this.#stopsIteration = outer
    if (stops) return callback.endsWith('_body') ? Action.DropChunk : Action.Pause
    return action ?? 0
  }

  /** The running callback of a stream is not followed by another of the same message. */
  stopIteration(): void {
    this.#stopsIteration = true
  }

  /** Once the running callback has returned to the host; at once when none runs. */
  afterCallback(action: () => void): void {
    if (this.#depth === 0) action()
    else this.#afterCallback.push(action)
  }

  #run(callback: string, values: number[]): number | null {
    const run = this.#exports[callback]
    if (this.trap || typeof run !== 'function') return null
    this.#depth++
    try {
      return Number(run(...values) ?? 0)
    } catch (error) {
      if (!isTrap(error)) throw error
      this.#die(callback, error)
      return null
    } finally {
      this.#depth--
      if (this.#depth === 0) for (const action of this.#afterCallback.splice(0)) action()
    }
  }

  #die(callback: string, error: Error): void {
    this.trap = { thread: this.thread, callback, error }
    this.host.traps.push(this.trap)
    const message = `Function: ${callback} failed: Uncaught ${error.name}: ${error.message}`
    this.host.logs.write({
      level: 'error',
      message,
      thread: this.thread,
      at: this.host.clock.now,
    })
  }

  #malloc(size: number): number {
    const name = this.has('malloc') ? 'malloc' : 'proxy_on_memory_allocate'
    this.#allocating = true
    try {
      return (this.#exports[name] as (size: number) => number)(size)
    } finally {
      this.#allocating = false
    }
  }

  #imports(module: WebAssembly.Module): WebAssembly.Imports {
    const env = this.#bind(envFunctions(this))
    const wasi = this.#bind(wasiFunctions(this))
    const imports: WebAssembly.Imports = { env }
    for (const { module: name } of WebAssembly.Module.imports(module)) {
      if (wasiModules.has(name)) imports[name] = wasi
    }
    return imports
  }

  #bind(functions: Readonly<Record<string, HostFunction>>): Record<string, HostFunction> {
    return Object.fromEntries(
      Object.entries(functions).map(([name, run]) => [name, this.#counted(name, run)]),
    )
  }

  #counted(name: string, run: HostFunction): HostFunction {
    const count = this.host.hostCalls.of(name)
    const restricted = restrictedDuringMalloc(name)
    return (...values) => {
      if (this.#allocating && restricted) {
        throw new HostTrap(`${name} is a restricted callback while the host allocates`)
      }
      count.calls++
      return run(...values)
    }
  }
}

/** Anything else that is thrown is a fault of the emulator or of the spec, and must not pass for the plugin's. */
function isTrap(error: unknown): error is Error {
  return (
    error instanceof WebAssembly.RuntimeError ||
    error instanceof HostTrap ||
    (error instanceof RangeError && error.message.includes('call stack'))
  )
}
