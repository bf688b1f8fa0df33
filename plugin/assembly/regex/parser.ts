import { Span } from '../memory/span'
import { isDigit, isLetter } from '../text/ascii'
import { CharSets, MAX_POINT } from './char-set'
import { readClass } from './class-parser'
import { Cursor } from './cursor'
import * as errors from './pattern-error'
import { Assertion, NO_NODE, NodeKind, SyntaxTree, UNBOUNDED } from './syntax-tree'
import { EscapeKind, readEscape } from './escape'
import {
  EXCLAMATION_MARK,
  DOLLAR,
  OPEN_PARENTHESIS,
  CLOSE_PARENTHESIS,
  ASTERISK,
  PLUS,
  COMMA,
  MINUS,
  DOT,
  ZERO,
  COLON,
  OPEN_ANGLE,
  EQUALS,
  CLOSE_ANGLE,
  QUESTION_MARK,
  OPEN_BRACKET,
  BACKSLASH,
  CARET,
  UNDERSCORE,
  LOWER_I,
  LOWER_S,
  OPEN_BRACE,
  PIPE,
  CLOSE_BRACE,
} from '../text/bytes'

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
  if (at.peek() != PIPE) return first
  let last = first
  while (!at.failed && at.take(PIPE)) {
    const next = sequence(at, tree, sets, depth)
    tree.setSibling(last, next)
    last = next
  }
  return tree.add(NodeKind.Alternatives, first)
}

function sequence(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  let list = NO_NODE
  while (!at.failed && !at.atEnd && at.peek() != PIPE && at.peek() != CLOSE_PARENTHESIS) {
    const node = repeated(at, tree, sets, depth)
    if (node == NO_NODE) continue
    tree.setSibling(node, list)
    list = node
    if (sets.failed) at.fail(errors.TOO_LARGE)
  }
  return list == NO_NODE ? tree.add(NodeKind.Empty, 0) : tree.add(NodeKind.Sequence, list)
}

function repeated(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const node = atom(at, tree, sets, depth)
  let low: u32 = 0
  let high = UNBOUNDED
  const begin = at.position
  if (at.take(PLUS)) low = 1
  else if (at.take(QUESTION_MARK)) high = 1
  else if (!at.take(ASTERISK)) {
    if (!isCounted(at)) return node
    low = count(at)
    if (at.take(COMMA)) high = at.peek() == CLOSE_BRACE ? UNBOUNDED : count(at)
    else high = low
    at.take(CLOSE_BRACE)
    if (high < low) return at.failAt(begin, errors.REPEAT_BACKWARDS)
    if (low > MOST_REPEATS || (high > MOST_REPEATS && high != UNBOUNDED)) {
      return at.failAt(begin, errors.REPEAT_TOO_OFTEN)
    }
  }
  // Flags alone, as (?i), are not an atom; in JavaScript neither is an assertion.
  if (node == NO_NODE || tree.kind(node) == NodeKind.Assertion) {
    return at.failAt(begin, errors.NOTHING_TO_REPEAT)
  }
  // Lazy or greedy makes no difference to whether a text matches.
  at.take(QUESTION_MARK)
  return tree.add(NodeKind.Repeat, node, low, high)
}

/** `{2}`, `{2,}`, `{2,4}`; any other brace is a character, in both languages. */
function isCounted(at: Cursor): bool {
  if (at.peek() != OPEN_BRACE || !isDigit(at.peek(1))) return false
  let ahead: u32 = 2
  while (isDigit(at.peek(ahead))) ahead++
  if (at.peek(ahead) == COMMA) ahead++
  while (isDigit(at.peek(ahead))) ahead++
  return at.peek(ahead) == CLOSE_BRACE
}

/** A number and the brace before it, if it is there; saturates when it is too large. */
function count(at: Cursor): u32 {
  at.take(OPEN_BRACE)
  let value: u32 = 0
  while (isDigit(at.peek())) value = min<u32>(value * 10 + at.next() - ZERO, MOST_REPEATS + 1)
  return value
}

function atom(at: Cursor, tree: SyntaxTree, sets: CharSets, depth: u32): u32 {
  const begin = at.position
  const byte = at.peek()
  switch (byte) {
    case OPEN_PARENTHESIS:
      return group(at, tree, sets, depth)
    case OPEN_BRACKET:
      readClass(at, sets)
      return tree.add(NodeKind.Char, sets.end())
    case BACKSLASH:
      return escaped(at, tree, sets)
    case CARET:
      at.next()
      return tree.add(NodeKind.Assertion, Assertion.Begin)
    case DOLLAR:
      at.next()
      return tree.add(NodeKind.Assertion, Assertion.End)
    case ASTERISK:
    case PLUS:
    case QUESTION_MARK:
      return at.fail(errors.NOTHING_TO_REPEAT)
    case DOT:
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
  if (at.take(QUESTION_MARK) && !groupKind(at)) return NO_NODE
  // Flags without a group hold until the group around them ends.
  if (at.flagsOnly) {
    at.flagsOnly = false
    return NO_NODE
  }
  const node = alternatives(at, tree, sets, depth + 1)
  if (at.failed) return NO_NODE
  if (!at.take(CLOSE_PARENTHESIS)) return at.failAt(begin, errors.OPEN_GROUP)
  at.ignoreCase = ignoreCase
  at.dotAll = dotAll
  return node
}

/** What stands behind `(?`. */
function groupKind(at: Cursor): bool {
  const begin = at.position - 2
  const byte = at.peek()
  if (at.take(COLON)) return true
  if (byte == EQUALS || byte == EXCLAMATION_MARK) return failed(at, begin, errors.LOOKAROUND)
  if (byte == OPEN_ANGLE) {
    const next = at.peek(1)
    if (next == EQUALS || next == EXCLAMATION_MARK) return failed(at, begin, errors.LOOKAROUND)
    at.next()
    return groupName(at, begin)
  }
  let on = true
  let any = false
  while (!at.atEnd) {
    const flag = at.next()
    if (flag == LOWER_I) at.ignoreCase = on
    else if (flag == LOWER_S) at.dotAll = on
    else if (flag == MINUS && on) {
      on = false
      any = false
      continue
    } else if (any && (flag == COLON || flag == CLOSE_PARENTHESIS)) {
      at.flagsOnly = flag == CLOSE_PARENTHESIS
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
    const letter = isLetter(byte)
    if (byte == CLOSE_ANGLE && length) return true
    if (!letter && byte != UNDERSCORE && !(length && isDigit(byte))) break
    length++
  }
  return failed(at, begin, errors.UNKNOWN_GROUP)
}

function failed(at: Cursor, position: u32, reason: Span): bool {
  at.failAt(position, reason)
  return false
}
