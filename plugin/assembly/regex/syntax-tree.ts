import { Words } from './words'

export const enum NodeKind {
  /** Matches the empty text. */
  Empty,
  /** One character of the set `value`. */
  Char,
  /** A place in the text, of the kind `value`. */
  Assertion,
  /** Its children one after the other. @note the list begins with the last: a program is built from its end */
  Sequence,
  /** Any one of its children. */
  Alternatives,
  /** Its child from `low` to `high` times. */
  Repeat,
}

export const enum Assertion {
  Begin,
  End,
  WordBoundary,
  NotWordBoundary,
}

export const UNBOUNDED: u32 = 0xffffffff
export const NO_NODE: u32 = 0xffffffff

const WORDS: u32 = 5

/** The syntax tree of one pattern: nodes by number, as many as its length allows. */
@unmanaged
export class SyntaxTree {
  root: u32
  private words: Words = new Words(u32.MAX_VALUE)

  get failed(): bool {
    return this.words.failed
  }

  /** `value`: what the kind says, or the first child. */
  add(kind: NodeKind, value: u32, low: u32 = 0, high: u32 = 0): u32 {
    const node = this.words.length / WORDS
    this.words.push(kind)
    this.words.push(value)
    this.words.push(low)
    this.words.push(high)
    this.words.push(NO_NODE)
    return node
  }

  kind(node: u32): NodeKind {
    return <NodeKind>this.words.at(node * WORDS)
  }

  value(node: u32): u32 {
    return this.words.at(node * WORDS + 1)
  }

  low(node: u32): u32 {
    return this.words.at(node * WORDS + 2)
  }

  high(node: u32): u32 {
    return this.words.at(node * WORDS + 3)
  }

  sibling(node: u32): u32 {
    return this.words.at(node * WORDS + 4)
  }

  setSibling(node: u32, sibling: u32): void {
    if (!this.words.failed) this.words.set(node * WORDS + 4, sibling)
  }

  free(): void {
    this.words.free()
    heap.free(changetype<usize>(this))
  }
}
