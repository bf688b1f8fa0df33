import { Assertion, NO_NODE, NodeKind, SyntaxTree, UNBOUNDED } from './syntax-tree'
import { Words } from './words'

export const enum Op {
  Match,
  /** Consumes a character of set `argument`, goes on at `out`. */
  Char,
  /** Goes on at `out` and at `argument`. */
  Split,
  /** Goes on at `out` where the assertion `argument` holds. */
  Assert,
}

/** Instructions of the largest program: a state of the automaton is a set of them, one bit each. */
export const MOST_INSTRUCTIONS: u32 = 8192
/** Nodes visited on the way: repeats of nothing have no instructions. */
const MOST_VISITS: u32 = 50_000

/** A nondeterministic automaton: two words an instruction, the operation and its argument, then where it goes on. */
@unmanaged
export class Program {
  entry: u32
  failed: bool = false
  private words: Words = new Words(MOST_INSTRUCTIONS * 2)
  private visits: u32

  get length(): u32 {
    return this.words.length >> 1
  }

  get bytes(): u32 {
    return this.words.bytes
  }

  /** Address of the first instruction, valid until the program is freed. */
  get start(): usize {
    return this.words.start
  }

  op(instruction: u32): Op {
    return <Op>(this.words.at(instruction * 2) >> 16)
  }

  argument(instruction: u32): u32 {
    return this.words.at(instruction * 2) & 0xffff
  }

  out(instruction: u32): u32 {
    return this.words.at(instruction * 2 + 1)
  }

  compile(tree: SyntaxTree): void {
    const match = this.add(Op.Match, 0, 0)
    this.entry = this.emit(tree, tree.root, match)
  }

  free(): void {
    this.words.free()
    heap.free(changetype<usize>(this))
  }

  /** Instructions for a node that go on at `next`; where they begin. */
  private emit(tree: SyntaxTree, node: u32, next: u32): u32 {
    if (this.visits++ > MOST_VISITS) this.failed = true
    if (this.failed) return next
    switch (tree.kind(node)) {
      case NodeKind.Char:
        return this.add(Op.Char, tree.value(node), next)
      case NodeKind.Assertion:
        return this.add(Op.Assert, tree.value(node), next)
      case NodeKind.Sequence:
        return this.emitSequence(tree, node, next)
      case NodeKind.Alternatives:
        return this.emitAlternatives(tree, node, next)
      case NodeKind.Repeat:
        return this.emitRepeat(tree, node, next)
      default:
        return next
    }
  }

  private emitSequence(tree: SyntaxTree, node: u32, next: u32): u32 {
    let entry = next
    for (let child = tree.value(node); child != NO_NODE; child = tree.sibling(child)) {
      entry = this.emit(tree, child, entry)
    }
    return entry
  }

  private emitAlternatives(tree: SyntaxTree, node: u32, next: u32): u32 {
    let child = tree.value(node)
    let entry = this.emit(tree, child, next)
    for (child = tree.sibling(child); child != NO_NODE; child = tree.sibling(child)) {
      const other = this.emit(tree, child, next)
      entry = this.add(Op.Split, other, entry)
    }
    return entry
  }

  private emitRepeat(tree: SyntaxTree, node: u32, next: u32): u32 {
    const child = tree.value(node)
    const low = tree.low(node)
    const high = tree.high(node)
    let entry = next
    let required = low
    if (high == UNBOUNDED) {
      const loop = this.add(Op.Split, next, next)
      const body = this.emit(tree, child, loop)
      this.patch(loop, body)
      entry = low ? body : loop
      if (low) required--
    } else {
      for (let i = low; i < high; i++) {
        const body = this.emit(tree, child, entry)
        // The shorter way out is `next`, whatever was reached before.
        entry = this.add(Op.Split, next, body)
      }
    }
    for (; required; required--) entry = this.emit(tree, child, entry)
    return entry
  }

  private add(op: Op, argument: u32, out: u32): u32 {
    const index = this.length
    this.words.push(((<u32>op) << 16) | argument)
    this.words.push(out)
    if (this.words.failed) this.failed = true
    return index
  }

  private patch(instruction: u32, argument: u32): void {
    if (!this.failed) this.words.set(instruction * 2, ((<u32>Op.Split) << 16) | argument)
  }
}
