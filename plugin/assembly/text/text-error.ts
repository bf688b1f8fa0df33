import { Span } from '../memory/span'

/** What is wrong with a text in a language of its own, and where: the byte, counted from 0, that cannot be read on from. */
@unmanaged
export class TextError {
  position: u32 = 0
  reason: Span = new Span()

  set(position: u32, reason: Span): void {
    this.position = position
    this.reason = reason
  }
}
