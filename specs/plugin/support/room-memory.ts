import { compileRoom } from './compile-room.ts'

/** Every block of the plugin may be read and written so far behind its end. */
const PADDING = 16

/** Whatever is made of so few bytes fits the arena's 64 KiB. */
const SMALL = 200

/** What `takeBackResults` says. */
const OVERFLOWED = 1
const WRITTEN_BEHIND = 2

interface Allocator {
  heldMemory?(): number
  takeBackResults?(): number
  allocate(size: number): number
  release(at: number): void
}

/** A part of the plugin that calls no host, and its memory to put bytes into and read them from. */
export class Room<Exports> {
  readonly exports: Exports
  private readonly memory: WebAssembly.Memory
  private readonly allocator: Allocator

  private constructor(exports: Exports & Allocator & { memory: WebAssembly.Memory }) {
    this.exports = exports
    this.memory = exports.memory
    this.allocator = exports
  }

  /** @param name of `specs/plugin/support/rooms/NAME.ts`, which exports `allocate` and `release` besides */
  static async compile<Exports>(
    name: string,
    imports?: WebAssembly.ModuleImports,
  ): Promise<Room<Exports>> {
    return new Room(await compileRoom<Exports & Allocator>(name, imports))
  }

  /** Of linear memory, which never shrinks. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength
  }

  /** What is left behind of memory, in bytes, when something is done that was done before. */
  leakOf(use: () => void): number {
    const held = this.allocator.heldMemory
    if (!held) throw new Error('The room does not export heldMemory.')
    return leakOf(held, use)
  }

  /** Takes back what was handed out of the arena. A text that is much smaller than its block needs no more than that. */
  takeBackResults(length: number): void {
    const results = this.allocator.takeBackResults?.()
    if (results === WRITTEN_BEHIND) throw new Error('Bytes were written behind their block.')
    if (results === OVERFLOWED && length < SMALL)
      throw new Error(`${length} bytes did not fit the arena.`)
  }

  /** A block of so many bytes, and those that may be touched behind it. */
  allocate(size: number): number {
    return this.allocator.allocate(size + PADDING)
  }

  release(...blocks: number[]): void {
    for (const block of blocks) this.allocator.release(block)
  }

  /** A block that holds these bytes, and more of the last one behind them: whoever reads on finds what it may take for its own. */
  place(bytes: Uint8Array): number {
    const at = this.allocate(bytes.length)
    this.write(at, bytes)
    this.write(at + bytes.length, new Uint8Array(PADDING).fill(bytes.at(-1) ?? 0))
    return at
  }

  write(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.memory.buffer, at, bytes.length).set(bytes)
  }

  /** A copy of what is there. */
  read(at: number, length: number): Buffer {
    return Buffer.from(new Uint8Array(this.memory.buffer, at, length))
  }

  /** The bytes of a `Span` of the plugin. */
  span(at: number): Buffer {
    const span = this.read(at, 8)
    return this.read(span.readUInt32LE(0), span.readUInt32LE(4))
  }

  /** What `use` makes of a block that holds these bytes, which is given back behind it. */
  with<Result>(bytes: Uint8Array, use: (at: number, length: number) => Result): Result {
    const at = this.place(bytes)
    try {
      return use(at, bytes.length)
    } finally {
      this.release(at)
    }
  }
}

/** How many bytes more are held after something was done that was done before. */
export function leakOf(held: () => number, use: () => void): number {
  use()
  const before = held()
  use()
  return held() - before
}
