import { Span } from '../memory/span'

/** One byte more than a log line shows, which indicates that something follows. */
const KEPT: u32 = 61

/** The start of a text, kept for a log line that is written later. */
@unmanaged
export class Excerpt {
  readonly text: Span = new Span()
  private buffer: usize = heap.alloc(KEPT)

  set(start: usize, length: u32): void {
    const kept = min(length, KEPT)
    memory.copy(this.buffer, start, kept)
    this.text.set(this.buffer, kept)
  }

  free(): void {
    heap.free(this.buffer)
    heap.free(changetype<usize>(this.text))
    heap.free(changetype<usize>(this))
  }
}
