import { MAGIC, PlaceSet } from './place-set.ts'

/** So many are read at once: each is kept in memory until then. */
const MOST_KEPT = 64

/** One instance of a module whose code marks the places that it runs. */
class RecordedModule {
  /** All that it has run. */
  readonly places: PlaceSet
  /** Number of the last stretch in which it ran. */
  stretch = -1
  readonly #memory: WebAssembly.Memory
  readonly #at: number
  readonly #count: number

  constructor(memory: WebAssembly.Memory, at: number, count: number) {
    this.#memory = memory
    this.#at = at
    this.#count = count
    this.places = PlaceSet.ofCount(count)
  }

  /** Adds what it has run since it was read last. */
  read(): void {
    const marks = new Uint8Array(this.#memory.buffer, this.#at, this.#count)
    for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) this.places.add(at)
    marks.fill(0)
  }
}

/** Records what the modules of this process run, in one stretch of time after the other: a spec, or what is between two. */
export class RecordedModules {
  readonly #count: number
  readonly #running = new Set<RecordedModule>()
  #stretch = 0
  #places: PlaceSet
  #shared = false

  /** @param count of places */
  constructor(count: number) {
    this.#count = count
    this.#places = PlaceSet.ofCount(count)
  }

  /** Whatever instance is made from now on. */
  install(): void {
    const { Instance, instantiate } = WebAssembly
    const record = (instance: WebAssembly.Instance) => this.record(instance)
    WebAssembly.Instance = new Proxy(Instance, {
      construct: (target, values) =>
        record(Reflect.construct(target, values) as WebAssembly.Instance),
    })
    const recorded = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
      const result: unknown = await instantiate(module, imports)
      if (result instanceof Instance) return record(result)
      record((result as WebAssembly.WebAssemblyInstantiatedSource).instance)
      return result
    }
    WebAssembly.instantiate = recorded as typeof WebAssembly.instantiate
  }

  /**
   * Ends a stretch: the places that its instances have run, in it and before, because what they did before may be seen in it; and
   * whether one of them had run in an earlier stretch.
   */
  endStretch(): { places: PlaceSet; shared: boolean } {
    this.#flush()
    const ended = { places: this.#places, shared: this.#shared }
    this.#places = PlaceSet.ofCount(this.#count)
    this.#shared = false
    this.#stretch++
    return ended
  }

  /** Whatever its exports run from now on. */
  record(instance: WebAssembly.Instance): WebAssembly.Instance {
    const { memory } = instance.exports
    const at = memory instanceof WebAssembly.Memory ? Buffer.from(memory.buffer).indexOf(MAGIC) : -1
    if (at < 0) return instance
    const module = new RecordedModule(memory as WebAssembly.Memory, at + MAGIC.length, this.#count)
    this.#keep(module)
    const exports: Record<string, WebAssembly.ExportValue> = {}
    for (const [name, value] of Object.entries(instance.exports)) {
      // Kept before and after: a call may last over the end of a stretch.
      exports[name] =
        typeof value !== 'function'
          ? value
          : (...values: unknown[]) => {
              this.#keep(module)
              try {
                return value(...values) as unknown
              } finally {
                this.#keep(module)
              }
            }
    }
    Object.defineProperty(instance, 'exports', { value: exports })
    return instance
  }

  /** Until it is read: what nothing refers to any more is lost with its memory. */
  #keep(module: RecordedModule): void {
    if (this.#running.has(module)) return
    if (this.#running.size >= MOST_KEPT) this.#flush()
    this.#running.add(module)
  }

  #flush(): void {
    for (const module of this.#running) {
      module.read()
      this.#places.addAll(module.places)
      this.#shared ||= module.stretch >= 0 && module.stretch !== this.#stretch
      module.stretch = this.#stretch
    }
    this.#running.clear()
  }
}
