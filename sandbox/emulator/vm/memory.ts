/** Thrown when a module hands over an address outside its memory; the host call answers InvalidMemoryAccess. */
export class OutOfBounds extends Error {}

/** The linear memory of one VM, read and written as the host does. */
export class Memory {
  readonly #memory: () => WebAssembly.Memory | undefined
  readonly #allocate: (size: number) => number
  #bytes = new Uint8Array(0)
  #words = new DataView(this.#bytes.buffer)

  /** @param memory undefined while the module is being instantiated */
  constructor(memory: () => WebAssembly.Memory | undefined, allocate: (size: number) => number) {
    this.#memory = memory
    this.#allocate = allocate
  }

  get pages(): number {
    return (this.#memory()?.buffer.byteLength ?? 0) / 65536
  }

  /** Only valid until the module runs again. */
  view(address: number, length: number): Uint8Array {
    this.#check(address, length)
    const start = address >>> 0
    return this.#bytes.subarray(start, start + (length >>> 0))
  }

  read(address: number, length: number): Uint8Array {
    return this.view(address, length).slice()
  }

  text(address: number, length: number): string {
    return decoder.decode(this.view(address, length))
  }

  writeU32(address: number, value: number): void {
    this.#wordsAt(address, 4).setUint32(address >>> 0, value, true)
  }

  readU32(address: number): number {
    return this.#wordsAt(address, 4).getUint32(address >>> 0, true)
  }

  writeU64(address: number, value: bigint): void {
    this.#wordsAt(address, 8).setBigUint64(address >>> 0, value, true)
  }

  /** Hands bytes over: asks the module for room, copies, then writes address and size. No bytes need no room. */
  give(value: Uint8Array, addressAt: number, sizeAt: number): void {
    let address = 0
    if (value.length > 0) {
      address = this.#allocate(value.length) >>> 0
      if (address === 0) throw new OutOfBounds(`malloc(${value.length}) gave 0`)
      this.view(address, value.length).set(value)
    }
    this.writeU32(addressAt, address)
    this.writeU32(sizeAt, value.length)
  }

  #wordsAt(address: number, length: number): DataView {
    this.#check(address, length)
    return this.#words
  }

  /** The views are made anew when memory has grown, since growing detaches the old buffer. */
  #check(address: number, length: number): void {
    const buffer = this.#memory()?.buffer
    if (buffer && this.#bytes.buffer !== buffer) {
      this.#bytes = new Uint8Array(buffer)
      this.#words = new DataView(buffer)
    }
    const start = address >>> 0
    const end = start + (length >>> 0)
    if (end > this.#bytes.length) throw new OutOfBounds(`${start}..${end} of ${this.#bytes.length}`)
  }
}

const decoder = new TextDecoder()
