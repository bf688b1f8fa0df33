import { Span } from '../memory/span'
import { allocate, footprint, release, shrink } from '../memory/store'
import { brokenUtf8At } from '../text/utf8'
import { Alphabet } from './alphabet'
import { Automaton, Verdict } from './automaton'
import { CharSets } from './char-set'
import { Cursor } from './cursor'
import { parsePattern } from './parser'
import { NO_MEMORY, NO_UTF8, PatternError, TOO_LARGE } from './pattern-error'
import { Program } from './program'
import { Shape, shapeOf } from './shape'
import { SyntaxTree } from './syntax-tree'

const LONGEST: u32 = 4096

/**
 * A compiled regular expression over bytes: the syntax that RE2 and JavaScript share, searched for anywhere in a text, case
 * matters. The time is linear in the text, the memory bounded. Bytes that are not UTF-8 are one U+FFFD each.
 */
@unmanaged
export class Regex {
  /** Every text it matches begins with these bytes; empty when nothing is known. */
  readonly prefix: Span = new Span()
  /** The prefix is all that matches. */
  readonly exact: bool

  constructor(
    private program: Program,
    private alphabet: Alphabet,
    private automaton: Automaton,
    prefix: usize,
    shape: Shape,
  ) {
    this.exact = shape.exact
    this.prefix.set(prefix, shape.prefixLength)
  }

  matches(start: usize, length: u32): Verdict {
    const prefix = this.prefix
    if (length < prefix.length || memory.compare(start, prefix.start, prefix.length) != 0) {
      return Verdict.No
    }
    if (this.exact) return length == prefix.length ? Verdict.Yes : Verdict.No
    return this.automaton.matches(start, length)
  }

  /** Linear memory it takes, without the cache of states. */
  get bytes(): u32 {
    return this.program.bytes + footprint(this.prefix.start) + this.alphabet.bytes
  }

  free(): void {
    release(this.prefix.start)
    heap.free(changetype<usize>(this.prefix))
    this.automaton.free()
    this.alphabet.free()
    this.program.free()
    heap.free(changetype<usize>(this))
  }
}

/** Null when the pattern is invalid or too large: `error` has the reason. */
export function compile(pattern: usize, length: u32, error: PatternError): Regex | null {
  if (length > LONGEST) {
    error.set(LONGEST, TOO_LARGE)
    return null
  }
  const broken = brokenUtf8At(pattern, length)
  if (broken) {
    error.set(<u32>(broken - pattern), NO_UTF8)
    return null
  }
  const cursor = new Cursor(pattern, length, error)
  const tree = new SyntaxTree()
  const sets = new CharSets()
  parsePattern(cursor, tree, sets)
  let regex: Regex | null = null
  if (!cursor.failed) regex = assemble(tree, sets, length, error)
  cursor.free()
  tree.free()
  sets.free()
  return regex
}

function assemble(
  tree: SyntaxTree,
  sets: CharSets,
  length: u32,
  error: PatternError,
): Regex | null {
  error.set(length, TOO_LARGE)
  if (tree.failed) return null
  const program = new Program()
  program.compile(tree)
  if (!program.failed) {
    const regex = finish(program, sets, error)
    if (regex != null) return regex
  }
  program.free()
  return null
}

function finish(program: Program, sets: CharSets, error: PatternError): Regex | null {
  const prefix = allocate(program.length * 4)
  const visited = allocate(program.length)
  let shape: Shape | null = null
  if (prefix && visited) {
    memory.fill(visited, 0, program.length)
    shape = shapeOf(program, sets, prefix, visited)
  } else error.set(0, NO_MEMORY)
  release(visited)
  if (shape == null) {
    release(prefix)
    return null
  }
  shrink(prefix, shape.prefixLength)
  const alphabet = new Alphabet()
  alphabet.build(sets, shape.wordBoundaries)
  let regex: Regex | null = null
  if (alphabet.failed) {
    release(prefix)
    alphabet.free()
  } else {
    const automaton = new Automaton(program, alphabet, shape.anchored, shape.asserts)
    regex = new Regex(program, alphabet, automaton, prefix, shape)
  }
  shape.free()
  return regex
}
