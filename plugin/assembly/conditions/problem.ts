import { PatternError } from '../regex/pattern-error'
import { Span } from '../memory/span'
import { Excerpt } from '../text/excerpt'

export const enum ProblemKind {
  None,
  /** Not a list of objects with a list of `conditions`, each with `path` and `value`. */
  Shape,
  /** An unknown path. */
  Path,
  /** A value that is not a valid regular expression, or is too large. */
  Pattern,
}

/** What is wrong with a list of conditions: the first problem, and how many there are. */
@unmanaged
export class Problems {
  count: u32 = 0
  kind: ProblemKind = ProblemKind.None
  /** What it is about. */
  readonly about: Excerpt = new Excerpt()
  /** Of the first invalid pattern. */
  readonly pattern: PatternError = new PatternError()
  /** Of the last. */
  readonly scratch: PatternError = new PatternError()

  add(kind: ProblemKind, start: usize, length: u32): void {
    if (this.count++) return
    this.kind = kind
    this.about.set(start, length)
  }

  /** A pattern that could not be compiled: `scratch` says why. */
  addPattern(pattern: Span): void {
    if (!this.count) this.pattern.set(this.scratch.position, this.scratch.reason)
    this.add(ProblemKind.Pattern, pattern.start, pattern.length)
  }

  free(): void {
    this.about.free()
    this.pattern.free()
    this.scratch.free()
    heap.free(changetype<usize>(this))
  }
}
