import { decodeString } from '../json/read'
import { MAX_DEPTH, ScanState, skipScalar, skipSpace, skipString } from '../json/validate'
import { allocate } from '../memory/arena'
import { copyPadded } from '../memory/span'
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  LOWER_Y,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from '../text/bytes'
import { BodyMasks, beginningOf } from './body-masks'
import { hasLiteral } from './graphql-literals'
import { writeMask } from './mask'
import { PathState } from './path-state'

/** A masked document is at most this many times its length: `[1,1]` with each element masked. */
export const JSON_GROWTH: usize = 4
/** When there are names only: `{"a":1}`. */
export const NAMES_GROWTH: usize = 2

/** One byte a level around the innermost: 1 for an object, 0 for an array. */
const levels = memory.data(256)

const paths = new PathState()
/** The place of an error is not needed here. */
const judged = new ScanState()

let masks: BodyMasks = new BodyMasks()
/** How far the input has been copied, and the output written. */
let copied: usize
let out: usize
/** Where the value begins that is being left out, 0 while none is, and how deep that is. */
let hidden: usize
let hiddenDepth: u32

/**
 * Writes a JSON document to `to`, the values that `rules` name replaced, and checks on the way what `isJson` checks. Where
 * it ended; 0 when it is not JSON, and then nothing of what was written may be used. `to` has `JSON_GROWTH` times the room
 * and 16 bytes more.
 */
export function maskJson(start: usize, length: u32, rules: BodyMasks, to: usize): usize {
  const end = start + length
  masks = rules
  copied = start
  out = to
  hidden = 0
  paths.begin(rules)
  const behind = load<u8>(end)
  store<u8>(end, 0)
  const stop = scan(start)
  store<u8>(end, behind)
  if (stop != end) return 0
  copyUpTo(end)
  return out
}

/** Like `scan` of json/validate.ts. */
function scan(start: usize): usize {
  let at = start
  let depth: u32 = 0
  let inObject = false
  while (true) {
    let byte = load<u8>(at)
    if (byte <= SPACE) {
      at = skipSpace(at)
      byte = load<u8>(at)
    }
    if (byte == QUOTE) at = skipString(at, judged)
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (depth == MAX_DEPTH) return 0
      const close: u8 = byte == OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET
      at++
      if (load<u8>(at) <= SPACE) at = skipSpace(at)
      if (load<u8>(at) == close) at++
      else {
        store<bool>(levels + depth++, inObject)
        inObject = close == CLOSE_BRACE
        if (paths.inUse) paths.open()
        at = inObject ? key(at, depth) : element(at, depth)
        if (!at) return 0
        continue
      }
    } else at = skipScalar(at, byte, judged)
    if (!at) return 0

    while (true) {
      if (hidden && depth == hiddenDepth) replace(at)
      byte = load<u8>(at)
      if (byte <= SPACE) {
        at = skipSpace(at)
        byte = load<u8>(at)
      }
      if (!depth) return at
      if (byte == COMMA) {
        at = inObject ? key(at + 1, depth) : element(at + 1, depth)
        if (!at) return 0
        break
      }
      if (byte != (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return 0
      at++
      inObject = load<bool>(levels + --depth)
      if (paths.inUse) paths.close()
    }
  }
}

/** Behind `"name" :`, having looked whether the value is to be left out; 0 when it is no key. */
function key(from: usize, depth: u32): usize {
  let at = from
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  if (load<u8>(at) != QUOTE) return 0
  const name = at + 1
  at = skipString(at, judged)
  if (!at) return 0
  const length = <u32>(at - 1 - name)
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  if (load<u8>(at) != COLON) return 0
  at++
  if (!hidden) {
    if (isMasked(name, length)) hide(at, depth)
    else if (depth <= QUERY_DEPTH && isLiteralQuery(name, length, at)) hide(at, depth)
  }
  return at
}

function element(from: usize, depth: u32): usize {
  if (paths.inUse && paths.element() && !hidden) hide(from, depth)
  return from
}

function isMasked(name: usize, length: u32): bool {
  if (!hasEscape(name, length)) return isNamed(name, length)
  const decoded = allocate(length)
  return isNamed(decoded, decodeString(name - 1, decoded))
}

/** A request of GraphQL is an object, or several are in an array. */
const QUERY_DEPTH: u32 = 2
/** The first four letters of `query`, as one load reads them. */
const QUER: u32 = 0x72657571

/** Whether a member is a document of GraphQL with a masked value in its text. */
function isLiteralQuery(name: usize, length: u32, value: usize): bool {
  if (!isQuery(name, length)) {
    if (!hasEscape(name, length)) return false
    const decoded = allocate(length)
    if (!isQuery(decoded, decodeString(name - 1, decoded))) return false
  }
  const at = skipSpace(value)
  if (load<u8>(at) != QUOTE) return false
  const end = skipString(at, judged)
  if (!end) return false
  const size = <u32>(end - at - 2)
  if (!hasEscape(at + 1, size)) return hasLiteral(at + 1, size, masks)
  const text = allocate(size)
  return hasLiteral(text, decodeString(at, text), masks)
}

function isQuery(name: usize, length: u32): bool {
  return length == 5 && load<u32>(name) == QUER && load<u8>(name, 4) == LOWER_Y
}

function isNamed(name: usize, length: u32): bool {
  const beginning = beginningOf(name, length)
  const byPath = paths.inUse && paths.member(name, length, beginning)
  return byPath || masks.hasName(name, length, beginning)
}

function hasEscape(name: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(name + i), i8x16.splat(BACKSLASH)))
    if (found && <u32>ctz(found) < length - i) return true
  }
  return false
}

/** The value that begins at or behind `at` is left out. */
function hide(at: usize, depth: u32): void {
  copyUpTo(skipSpace(at))
  hidden = copied
  hiddenDepth = depth
}

/** The value that is left out ends at `end`. */
function replace(end: usize): void {
  store<u8>(out, QUOTE)
  out = writeMask(out + 1)
  store<u8>(out++, QUOTE)
  copied = end
  hidden = 0
}

function copyUpTo(end: usize): void {
  copyPadded(out, copied, end - copied)
  out += end - copied
  copied = end
}
