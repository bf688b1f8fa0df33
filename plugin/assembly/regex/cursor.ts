import { Span } from '../memory/span'
import { pointAt, pointLength } from './code-point'
import { PatternError } from './pattern-error'
import { NO_NODE } from './syntax-tree'

/** Where a parser is in a pattern of valid UTF-8, under which flags, and the first error it met. */
@unmanaged
export class Cursor {
  failed: bool = false
  ignoreCase: bool = false
  dotAll: bool = false
  /** The group that was just read is flags only. */
  flagsOnly: bool = false
  /** The character that an escape stands for. */
  point: u32
  private at: usize
  private end: usize

  constructor(
    private start: usize,
    length: u32,
    private error: PatternError,
  ) {
    this.at = start
    this.end = start + length
  }

  get position(): u32 {
    return <u32>(this.at - this.start)
  }

  get atEnd(): bool {
    return this.at >= this.end
  }

  /** The byte `ahead` of the next one; 0 behind the end. */
  peek(ahead: u32 = 0): u8 {
    const at = this.at + ahead
    return at < this.end ? load<u8>(at) : 0
  }

  /** The next byte; 0 behind the end. */
  next(): u8 {
    const byte = this.peek()
    this.at++
    return byte
  }

  take(byte: u8): bool {
    if (this.atEnd || load<u8>(this.at) != byte) return false
    this.at++
    return true
  }

  /** The next character: there is one. */
  nextPoint(): u32 {
    const length = pointLength(this.at, this.end)
    const point = pointAt(this.at, length)
    this.at += length
    return point
  }

  /** The first error counts. Returns the number that stands for no node. */
  failAt(position: u32, reason: Span): u32 {
    if (!this.failed) {
      this.failed = true
      this.error.set(position, reason)
    }
    return NO_NODE
  }

  fail(reason: Span): u32 {
    return this.failAt(this.position, reason)
  }

  free(): void {
    heap.free(changetype<usize>(this))
  }
}
