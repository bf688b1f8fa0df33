import { writeUtf8 } from '../text/utf8'
import { CharSets } from './char-set'
import { REPLACEMENT } from './code-point'
import { Op, Program } from './program'
import { Assertion } from './syntax-tree'
import { Words } from './words'

/** What can be said of a pattern without running it. */
@unmanaged
export class Shape {
  /** It matches only where the text begins. */
  anchored: bool
  /** There are places in it: `^`, `$`, word boundaries. */
  asserts: bool = false
  wordBoundaries: bool = false
  /** Bytes that every text it matches begins with. */
  prefixLength: u32 = 0
  /** The prefix is all that matches. */
  exact: bool = false

  free(): void {
    heap.free(changetype<usize>(this))
  }
}

/**
 * Looks at a program.
 * @param prefix room for 4 bytes an instruction
 * @param visited a zeroed byte for each instruction
 */
export function shapeOf(program: Program, sets: CharSets, prefix: usize, visited: usize): Shape {
  const shape = new Shape()
  // The first instruction is always the match.
  for (let i: u32 = 1; i < program.length; i++) {
    if (program.op(i) != Op.Assert) continue
    shape.asserts = true
    if (program.argument(i) >= <u32>Assertion.WordBoundary) shape.wordBoundaries = true
  }
  shape.anchored = isAnchored(program, visited)
  if (shape.anchored) findPrefix(program, sets, shape, prefix)
  return shape
}

/** Whether each way from the entry passes a `^` before it takes a character or matches. */
function isAnchored(program: Program, visited: usize): bool {
  const open = new Words(u32.MAX_VALUE)
  open.push(program.entry)
  let anchored = true
  while (open.length && anchored) {
    const index = open.at(--open.length)
    if (load<u8>(visited + index)) continue
    store<u8>(visited + index, 1)
    const op = program.op(index)
    if (op == Op.Char || op == Op.Match) anchored = false
    else if (op == Op.Split) {
      open.push(program.out(index))
      open.push(program.argument(index))
    } else if (program.argument(index) != <u32>Assertion.Begin) open.push(program.out(index))
  }
  if (open.failed) anchored = false
  open.free()
  return anchored
}

/** The characters that there is no way around from the beginning on. */
function findPrefix(program: Program, sets: CharSets, shape: Shape, prefix: usize): void {
  let index = program.entry
  while (true) {
    const op = program.op(index)
    const argument = program.argument(index)
    if (op == Op.Char) {
      const point = sets.single(argument)
      // The replacement character stands for many bytes.
      if (point < 0 || point == REPLACEMENT) return
      const at = prefix + shape.prefixLength
      shape.prefixLength += <u32>(writeUtf8(point, at) - at)
    } else if (op == Op.Assert) {
      if (argument == <u32>Assertion.End) {
        shape.exact = program.op(program.out(index)) == Op.Match
        return
      }
      if (argument != <u32>Assertion.Begin || shape.prefixLength) return
    } else return
    index = program.out(index)
  }
}
