import { Status } from '../abi/constants.ts'

/** Shared data and shared queues: per vm_id, over all threads. */
export class SharedStore {
  readonly #entries = new Map<string, { value: Uint8Array; cas: number }>()
  readonly #queues: { key: string; items: Uint8Array[]; ready: () => void }[] = []
  #cas = 0

  get(vmId: string, key: string): { value: Uint8Array; cas: number } | undefined {
    return this.#entries.get(`${vmId}\0${key}`)
  }

  set(vmId: string, key: string, value: Uint8Array, cas: number): Status {
    const known = this.get(vmId, key)
    if (known && cas !== 0 && cas !== known.cas) return Status.CasMismatch
    this.#entries.set(`${vmId}\0${key}`, { value, cas: ++this.#cas })
    return Status.Ok
  }

  /** Only the last VM that registered a name is notified of its items. */
  registerQueue(vmId: string, name: string, ready: () => void): number {
    const id = this.resolveQueue(vmId, name)
    const known = id === null ? undefined : this.#queues[id - 1]
    if (id !== null && known) {
      known.ready = ready
      return id
    }
    return this.#queues.push({ key: `${vmId}\0${name}`, items: [], ready })
  }

  resolveQueue(vmId: string, name: string): number | null {
    const index = this.#queues.findIndex((queue) => queue.key === `${vmId}\0${name}`)
    return index < 0 ? null : index + 1
  }

  enqueue(id: number, item: Uint8Array): Status {
    const queue = this.#queues[id - 1]
    if (!queue) return Status.NotFound
    queue.items.push(item)
    queue.ready()
    return Status.Ok
  }

  dequeue(id: number): Uint8Array | Status {
    const queue = this.#queues[id - 1]
    return queue ? (queue.items.shift() ?? Status.Empty) : Status.NotFound
  }
}
