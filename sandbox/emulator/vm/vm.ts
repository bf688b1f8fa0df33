import { Action, type AbiVersion, type LogLevel } from '../abi/constants.ts'
import { wasiModules } from '../abi/signatures.ts'
import type { CallbackPlace } from '../host/callback-place.ts'
import type { Host, Trap } from '../host/host.ts'
import { MetricIds } from '../host/metrics.ts'
import type { LoadedModule } from '../module/loaded-module.ts'
import type { Caller } from './caller.ts'
import type { Context } from './context.ts'
import { envFunctions } from './env-functions.ts'
import { isRestricted, type HostFunction, type VmState } from './host-function.ts'
import { Memory } from './memory.ts'
import { wasiFunctions } from './wasi-functions.ts'

/** Thrown into the module where a real host would trap it. */
class HostTrap extends Error {}

/** The identity of a VM: plugins that agree in all of it live in one, on each thread. */
export interface VmSettings {
  readonly vmId: string
  readonly vmConfiguration: Uint8Array
  /** `vm_config.environment_variables`. */
  readonly environment: Readonly<Record<string, string>>
  readonly module: LoadedModule
}

/** Envoy gives tokens of calls in steps of four. */
const tokenStep = 4

/** One instance of a module, on one thread. Several plugins with one vm_id live in it and share its memory. */
export class Vm implements Caller {
  readonly host: Host
  readonly thread: string
  readonly vmId: string
  /** Its file, or `The module`. */
  readonly moduleName: string
  readonly abi: AbiVersion
  readonly environment: Readonly<Record<string, string>>
  readonly memory: Memory
  readonly metricIds: MetricIds
  readonly contexts = new Map<number, Context>()
  /** Null while it lives. */
  trap: Trap | null = null
  #exports: Record<string, unknown> = {}
  #current: Context | null = null
  #running: Context | null = null
  #state: VmState = 'instantiating'
  #depth = 0
  #afterCallback: (() => void)[] = []
  #lastContextId = 0
  #lastCallToken = 0
  #lastHostCall: string | null = null
  #stopsIteration = false

  constructor(settings: VmSettings, host: Host, thread: string) {
    this.host = host
    this.thread = thread
    this.vmId = settings.vmId
    this.moduleName = settings.module.name
    this.environment = settings.environment
    this.abi = settings.module.abi
    this.metricIds = new MetricIds(host.metrics)
    // A start section runs within the next line, when there is no memory to speak of yet.
    const early: { instance?: WebAssembly.Instance } = {}
    const memory = () => early.instance?.exports['memory'] as WebAssembly.Memory | undefined
    this.memory = new Memory(memory, (size) => this.#malloc(size))
    const { compiled } = settings.module
    try {
      early.instance = new WebAssembly.Instance(compiled, this.#imports(compiled))
      this.#exports = early.instance.exports
      this.#state = 'starting'
      this.#start()
    } catch (error) {
      if (!isTrap(error)) throw error
      this.#die('start section', error)
    }
    this.#state = 'running'
  }

  nextContextId(): number {
    return ++this.#lastContextId
  }

  nextCallToken(): number {
    return (this.#lastCallToken += tokenStep)
  }

  get current(): Context | null {
    return this.#current
  }

  get place(): CallbackPlace {
    const plugin = this.#current?.root.pluginName ?? null
    return { thread: this.thread, plugin, module: this.moduleName }
  }

  log(level: LogLevel, message: string): void {
    this.host.logs.write({ level, message, ...this.place, at: this.host.clock.now })
  }

  setEffectiveContext(id: number): boolean {
    // 0 is the VM itself: then host calls act on the context of the running callback again.
    const context = id === 0 ? this.#running : this.contexts.get(id)
    if (context) this.#current = context
    return Boolean(context)
  }

  has(callback: string): boolean {
    return typeof this.#exports[callback] === 'function'
  }

  /** Runs a callback in a context. Null when the module does not export it, or has trapped before or in it. */
  call(callback: string, context: Context, ...values: number[]): number | null {
    const outer = this.#current
    const outerRunning = this.#running
    this.#current = this.#running = context
    const result = this.#run(callback, values)
    this.#current = outer
    this.#running = outerRunning
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

  /** Where Envoy itself uses what is gone, and as a rule crashes, the filter traps here, with the reason. */
  crash(reason: string): never {
    throw new HostTrap(`Envoy 1.40 can end with a segmentation fault here: ${reason}`)
  }

  /** Once the running callback has returned to the host; at once when none runs. */
  afterCallback(action: () => void): void {
    if (this.#depth === 0) action()
    else this.#afterCallback.push(action)
  }

  /** Before all else that waits for the end of the next callback. */
  beforeActions(action: () => void): void {
    this.#afterCallback.unshift(action)
  }

  /** As WASI has it: a reactor is initialized, then its `main` runs if it has one; a command has `_start` only. */
  #start(): void {
    if (!this.has('_initialize')) {
      this.#run('_start', [])
      return
    }
    this.#run('_initialize', [])
    if (this.has('main')) this.#run('main', [0, 0])
    else this.#run('__main_void', [])
  }

  #run(callback: string, values: number[]): number | null {
    const run = this.#exports[callback]
    if (this.trap || typeof run !== 'function') return null
    const { trace } = this.host
    trace.enter(this.place, callback, values)
    this.#depth++
    let result: number | null = null
    try {
      result = Number(run(...values) ?? 0)
    } catch (error) {
      if (!isTrap(error)) throw error
      this.#die(callback, error)
    } finally {
      this.#depth--
      trace.leave(result)
      if (this.#depth === 0) for (const action of this.#afterCallback.splice(0)) action()
    }
    return result
  }

  #die(callback: string, error: Error): void {
    const at = this.host.clock.now
    this.trap = { ...this.place, callback, lastHostCall: this.#lastHostCall, error, at }
    this.host.traps.push(this.trap)
    const message = `Function: ${callback} failed: Uncaught ${error.name}: ${error.message}`
    this.log('error', message)
  }

  #malloc(size: number): number {
    const name = this.has('malloc') ? 'malloc' : 'proxy_on_memory_allocate'
    const outer = this.#state
    this.#state = 'allocating'
    try {
      return (this.#exports[name] as (size: number) => number)(size)
    } finally {
      this.#state = outer
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
    const { trace, hostCalls } = this.host
    const count = hostCalls.of(name)
    return (...values) => {
      if (this.#state === 'instantiating') {
        this.crash(
          `a start section calls ${name}. Export what calls the host as _initialize (asc --exportStart _initialize)`,
        )
      }
      if (this.#state !== 'running' && isRestricted(name, this.#state)) {
        const when = this.#state === 'starting' ? 'the module starts' : 'the host allocates'
        throw new HostTrap(`${name} is a restricted callback while ${when}`)
      }
      count.calls++
      this.#lastHostCall = name
      const result = run(...values)
      if (trace.isOn) trace.hostCall(name, values, result, this.memory)
      return result
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
