import { Span } from '../memory/span'
import { SCAN_STATE_BYTES, ScanState, scan } from './validate'

export const enum Checked {
  /** There is more to check. */
  NotYet,
  Valid,
  Broken,
}

/** Checks a large document in pieces. It must stay where it is, and have a byte of room behind it. */
@unmanaged
export class JsonCheck {
  private end: usize
  private state: ScanState

  constructor(document: Span) {
    this.end = document.end
    store<u8>(document.end, 0)
    this.state = changetype<ScanState>(heap.alloc(SCAN_STATE_BYTES))
    this.state.begin(document.start)
  }

  /** Checks `bytes` more bytes, and the rest of the value in which they end. */
  goOn(bytes: u32): Checked {
    const stop = scan(this.state, this.state.at + bytes)
    if (stop) return stop == this.end ? Checked.Valid : Checked.Broken
    return this.state.brokenAt ? Checked.Broken : Checked.NotYet
  }

  free(): void {
    heap.free(changetype<usize>(this.state))
    heap.free(changetype<usize>(this))
  }
}
