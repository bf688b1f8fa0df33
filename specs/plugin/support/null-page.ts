import { afterEach, expect } from 'vitest'

/** The compiler places nothing of a module below this address: what is written there went through a null pointer. */
const DATA_STARTS = 1024
const NOTHING = Buffer.alloc(DATA_STARTS)

interface Watch {
  instances: Set<WeakRef<WebAssembly.Instance>>
}

const watched = globalThis as { nullPages?: Watch }

function watch(): Watch {
  const instances = new Set<WeakRef<WebAssembly.Instance>>()
  const { Instance, instantiate } = WebAssembly
  const record = <T extends WebAssembly.Instance>(instance: T) => {
    if (isEmpty(instance)) instances.add(new WeakRef(instance))
    return instance
  }
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, values) => record(Reflect.construct(target, values)),
  })
  const recorded = async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const made = await instantiate(module, imports)
    record((made as unknown as { instance?: WebAssembly.Instance }).instance ?? made)
    return made
  }
  WebAssembly.instantiate = recorded as typeof instantiate
  return { instances }
}

function isEmpty({ exports }: WebAssembly.Instance): boolean {
  const memory = exports['memory']
  if (!(memory instanceof WebAssembly.Memory) || memory.buffer.byteLength < DATA_STARTS) return true
  return NOTHING.equals(new Uint8Array(memory.buffer, 0, DATA_STARTS))
}

// A worker loads this for each of its files, and has one `WebAssembly`.
const { instances } = (watched.nullPages ??= watch())

afterEach(() => {
  for (const reference of instances) {
    const instance = reference.deref()
    if (!instance) instances.delete(reference)
    else if (!isEmpty(instance)) {
      instances.delete(reference)
      expect.fail('Something was written where a null pointer leads.')
    }
  }
})
