import { Span } from '../memory/span'
import { TextError } from './text-error'

/** Reads a text from its beginning, and keeps what is wrong with it, and where. */
@unmanaged
export class TextParser {
  protected at: usize

  constructor(
    protected begin: usize,
    protected end: usize,
    protected error: TextError,
  ) {
    this.at = begin
  }

  protected note(where: usize, reason: Span): void {
    this.error.set(<u32>(where - this.begin), reason)
  }
}
