import { Span } from '../memory/span'

/** A list of texts that it owns. */
@unmanaged
export class NameList {
  count: u32 = 0
  private names: usize = 0

  at(index: u32): Span {
    return changetype<Span>(this.names + index * offsetof<Span>())
  }

  /** Owns `start`. */
  push(start: usize, length: u32): void {
    const size = (<usize>this.count + 1) * offsetof<Span>()
    this.names = this.names ? heap.realloc(this.names, size) : heap.alloc(size)
    this.at(this.count++).set(start, length)
  }

  clear(): void {
    for (let i: u32 = 0; i < this.count; i++) heap.free(this.at(i).start)
    heap.free(this.names)
    this.names = 0
    this.count = 0
  }

  free(): void {
    this.clear()
    heap.free(changetype<usize>(this))
  }
}
