import { Span } from '../memory/span'
import { isDigit } from '../text/ascii'
import { CharSets, MAX_POINT } from './char-set'
import { readClass } from './class-parser'
import { Cursor } from './cursor'
import * as errors from './pattern-error'
import { Assertion, NO_NODE, NodeKind, SyntaxTree, UNBOUNDED } from './syntax-tree'
import { EscapeKind, readEscape } from './escape'

/** As RE2. */
const MOST_REPEATS: u32 = 1000
const DEEPEST: u32 = 100

/**
 * Reads a pattern of the syntax that RE2 and JavaScript share into a syntax tree. What only one of them knows, or what
 * they read differently, is an error of the cursor.
 */
export function parsePattern(at: Cursor, tree: SyntaxTree, sets: CharSets): void {
  tree.root = alternatives(at, tree, sets, 0)
  if (!at.failed && !at.atEnd) at.fail(errors.NO_GROUP)
}

function alternatives(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const first = sequence(at, tree, sets, depth)
  if (at.peek() != 0x7c) return first
  let last = first
  while (!at.failed && at.take(0x7c)) {
    const next = sequence(at, tree, sets, depth)
    tree.setSibling(last, next)
    last = next
  }
  return tree.add(NodeKind.Alternatives, first)
}

function sequence(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  let list = NO_NODE
  while (!at.failed && !at.atEnd && at.peek() != 0x7c && at.peek() != 0x29) {
    const node = repeated(at, tree, sets, depth)
    if (node == NO_NODE) continue
    tree.setSibling(node, list)
    list = node
    if (tree.failed || sets.failed) at.fail(errors.TOO_LARGE)
  }
  return list == NO_NODE ? tree.add(NodeKind.Empty, 0) : tree.add(NodeKind.Sequence, list)
}

function repeated(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const node = atom(at, tree, sets, depth)
  if (at.failed) return NO_NODE
  let low: u32 = 0
  let high = UNBOUNDED
  const begin = at.position
  if (at.take(0x2b)) low = 1
  else if (at.take(0x3f)) high = 1
  else if (!at.take(0x2a)) {
    if (!isCounted(at)) return node
    low = count(at)
    if (at.take(0x2c)) high = at.peek() == 0x7d ? UNBOUNDED : count(at)
    else high = low
    at.take(0x7d)
    if (high < low) return at.failAt(begin, errors.REPEAT_BACKWARDS)
    if (low > MOST_REPEATS || (high > MOST_REPEATS && high != UNBOUNDED)) {
      return at.failAt(begin, errors.REPEAT_TOO_OFTEN)
    }
  }
  // Flags alone, as (?i), are no atom; an assertion is none in JavaScript.
  if (node == NO_NODE || tree.kind(node) == NodeKind.Assertion) {
    return at.failAt(begin, errors.NOTHING_TO_REPEAT)
  }
  // Lazy or not is all the same to whoever only asks whether it matches.
  at.take(0x3f)
  if (isRepeat(at)) return at.fail(errors.NOTHING_TO_REPEAT)
  return tree.add(NodeKind.Repeat, node, low, high)
}

function isRepeat(at: Cursor): bool {
  const byte = at.peek()
  return byte == 0x2a || byte == 0x2b || byte == 0x3f || isCounted(at)
}

/** `{2}`, `{2,}`, `{2,4}`; any other brace is a character, in both languages. */
function isCounted(at: Cursor): bool {
  if (at.peek() != 0x7b || !isDigit(at.peek(1))) return false
  let ahead: u32 = 1
  while (isDigit(at.peek(ahead))) ahead++
  if (at.peek(ahead) == 0x2c) ahead++
  while (isDigit(at.peek(ahead))) ahead++
  return at.peek(ahead) == 0x7d
}

/** A number and the brace before it, if it is there; what is too large stays too large. */
function count(at: Cursor): u32 {
  at.take(0x7b)
  let value: u32 = 0
  while (isDigit(at.peek())) value = min<u32>(value * 10 + at.next() - 0x30, MOST_REPEATS + 1)
  return value
}

function atom(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const begin = at.position
  const byte = at.peek()
  switch (byte) {
    case 0x28: // (
      return group(at, tree, sets, depth)
    case 0x5b: // [
      readClass(at, sets)
      return tree.add(NodeKind.Char, sets.end())
    case 0x5c: // \
      return escaped(at, tree, sets)
    case 0x5e: // ^
      at.next()
      return tree.add(NodeKind.Assertion, Assertion.Begin)
    case 0x24: // $
      at.next()
      return tree.add(NodeKind.Assertion, Assertion.End)
    case 0x2a: // *
    case 0x2b: // +
    case 0x3f: // ?
      return at.fail(errors.NOTHING_TO_REPEAT)
    case 0x2e: // .
      at.next()
      sets.begin()
      if (at.dotAll) sets.add(0, MAX_POINT)
      else {
        sets.addLineEnds()
        sets.negateFrom(0)
      }
      return tree.add(NodeKind.Char, sets.end())
    default:
      if (isCounted(at)) return at.failAt(begin, errors.NOTHING_TO_REPEAT)
      return character(at.nextPoint(), at, tree, sets)
  }
}

function character(point: u32, at: Cursor, tree: SyntaxTree, sets: CharSets): u32 {
  sets.begin()
  sets.add(point, point)
  if (at.ignoreCase) sets.fold()
  return tree.add(NodeKind.Char, sets.end())
}

function escaped(at: Cursor, tree: SyntaxTree, sets: CharSets): u32 {
  sets.begin()
  const kind = readEscape(at, sets)
  if (at.failed) return NO_NODE
  if (kind == EscapeKind.Character) return character(at.point, at, tree, sets)
  if (kind == EscapeKind.Set) return tree.add(NodeKind.Char, sets.end())
  const place = kind == EscapeKind.WordBoundary ? Assertion.WordBoundary : Assertion.NotWordBoundary
  return tree.add(NodeKind.Assertion, place)
}

function group(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const begin = at.position
  const ignoreCase = at.ignoreCase
  const dotAll = at.dotAll
  at.next()
  if (depth == DEEPEST) return at.failAt(begin, errors.NESTED)
  if (at.take(0x3f) && !groupKind(at)) return NO_NODE
  // Flags without a group hold until the group around them ends.
  if (at.flagsOnly) {
    at.flagsOnly = false
    return NO_NODE
  }
  const node = alternatives(at, tree, sets, depth + 1)
  if (at.failed) return NO_NODE
  if (!at.take(0x29)) return at.failAt(begin, errors.OPEN_GROUP)
  at.ignoreCase = ignoreCase
  at.dotAll = dotAll
  return node
}

/** What stands behind `(?`. */
function groupKind(at: Cursor): bool {
  const begin = at.position - 2
  const byte = at.peek()
  if (at.take(0x3a)) return true
  if (byte == 0x3d || byte == 0x21) return failed(at, begin, errors.LOOKAROUND)
  if (byte == 0x3c) {
    const next = at.peek(1)
    if (next == 0x3d || next == 0x21) return failed(at, begin, errors.LOOKAROUND)
    at.next()
    return groupName(at, begin)
  }
  let on = true
  let any = false
  while (!at.atEnd) {
    const flag = at.next()
    if (flag == 0x69) at.ignoreCase = on
    else if (flag == 0x73) at.dotAll = on
    else if (flag == 0x2d && on) {
      on = false
      continue
    } else if (any && (flag == 0x3a || flag == 0x29)) {
      at.flagsOnly = flag == 0x29
      return true
    } else break
    any = true
  }
  return failed(at, begin, errors.UNKNOWN_GROUP)
}

function groupName(at: Cursor, begin: u32): bool {
  let length: u32 = 0
  while (!at.atEnd) {
    const byte = at.next()
    const letter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
    if (byte == 0x3e && length) return true
    if (!letter && byte != 0x5f && !(length && isDigit(byte))) break
    length++
  }
  return failed(at, begin, errors.UNKNOWN_GROUP)
}

function failed(at: Cursor, position: u32, reason: Span): bool {
  at.failAt(position, reason)
  return false
}
