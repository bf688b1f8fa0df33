import { compileRoom } from './compile-room.ts'
import { leakOf } from './room-memory.ts'

interface RegexRoom {
  heldMemory: () => number
  allocate: (size: number) => number
  release: (at: number) => void
  compilePattern: (at: number, length: number) => number
  errorPosition: () => number
  errorReason: () => number
  errorReasonLength: () => number
  matches: (regex: number, at: number, length: number) => number
  prefixStart: (regex: number) => number
  prefixLength: (regex: number) => number
  isExact: (regex: number) => number
  bytes: (regex: number) => number
  free: (regex: number) => void
}

export type Text = string | Uint8Array

export interface CompiledPattern extends Disposable {
  /** Undefined: given up. `length`: only so many bytes of the text are given. */
  matches: (text: Text, length?: number) => boolean | undefined
  prefix: string
  exact: boolean
  /** Of linear memory. */
  bytes: number
}

/** The plugin's regular expressions, alone. */
export class RegexEngine {
  private readonly room: RegexRoom & { memory: WebAssembly.Memory }
  /** Where texts are put, one at a time. */
  private place = 0
  private roomForText = -1

  private constructor(room: RegexRoom & { memory: WebAssembly.Memory }) {
    this.room = room
  }

  static async load(): Promise<RegexEngine> {
    return new RegexEngine(await compileRoom<RegexRoom>('regex'))
  }

  get memoryBytes(): number {
    return this.room.memory.buffer.byteLength
  }

  /** Of that, what is not free. */
  get heldBytes(): number {
    return this.room.heldMemory()
  }

  /** What is left behind of memory, in bytes, when something is done that was done before. */
  leakOf(use: () => void): number {
    return leakOf(this.room.heldMemory, use)
  }

  /** A block of the memory that expressions are kept in; 0 when there is none. */
  allocate(size: number): number {
    return this.room.allocate(size)
  }

  release(block: number): void {
    this.room.release(block)
  }

  /**
   * @param only so many bytes of the pattern are given
   * @throws Error with the reason and the byte where the pattern cannot be read on
   */
  compile(pattern: Text, only?: number): CompiledPattern {
    const { room } = this
    const regex = this.with(pattern, (at, all) => room.compilePattern(at, only ?? all))
    if (regex === 0) {
      const reason = this.text(room.errorReason(), room.errorReasonLength())
      throw new Error(`${reason} at ${room.errorPosition()}`)
    }
    return {
      matches: (text, length) => {
        const verdict = this.with(text, (at, all) => room.matches(regex, at, length ?? all))
        return verdict === 2 ? undefined : verdict === 1
      },
      prefix: this.text(room.prefixStart(regex), room.prefixLength(regex)),
      exact: room.isExact(regex) !== 0,
      bytes: room.bytes(regex),
      [Symbol.dispose]: () => room.free(regex),
    }
  }

  private text(at: number, length: number): string {
    return Buffer.from(this.room.memory.buffer, at, length).toString()
  }

  private with<Result>(text: Text, use: (at: number, length: number) => Result): Result {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    if (bytes.length > this.roomForText) {
      this.room.release(this.place)
      this.roomForText = bytes.length * 2
      this.place = this.room.allocate(this.roomForText + 16)
    }
    new Uint8Array(this.room.memory.buffer).set(bytes, this.place)
    return use(this.place, bytes.length)
  }
}
