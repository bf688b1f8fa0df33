import { Source } from './source'

/** Where to look for a value, in this order. */
@unmanaged
export class SourceList {
  count: u32 = 0
  private sources: usize = 0

  at(index: u32): Source {
    return changetype<Source>(load<usize>(this.sources + index * sizeof<usize>()))
  }

  /** Owns the source. */
  push(source: Source): void {
    const size = (<usize>this.count + 1) * sizeof<usize>()
    this.sources = this.sources ? heap.realloc(this.sources, size) : heap.alloc(size)
    store<usize>(this.sources + this.count++ * sizeof<usize>(), changetype<usize>(source))
  }

  clear(): void {
    for (let i: u32 = 0; i < this.count; i++) this.at(i).free()
    heap.free(this.sources)
    this.sources = 0
    this.count = 0
  }

  free(): void {
    this.clear()
    heap.free(changetype<usize>(this))
  }
}
