import { decodePercent } from '../codec/percent'
import { allocate } from '../memory/arena'
import { Span, copyPadded } from '../memory/span'
import { trim } from '../text/ascii'
import {
  AMPERSAND,
  EQUALS,
  HASH,
  OPEN_ANGLE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUESTION_MARK,
  QUOTE,
  SEMICOLON,
  SLASH,
  SPACE,
} from '../text/bytes'
import { BodyMasks } from './body-masks'
import { writeMask } from './mask'

/** A masked query or form is at most this many times its length, and 16 bytes more. */
export const PAIRS_GROWTH: usize = 3

const enum Part {
  Form,
  /** Parameters of a segment stand behind a `;`, and end with it. */
  Path,
  /** Of a URI, or its fragment: a `location` may carry tokens there. */
  Query,
}

const parameter = new Span()

/** Writes a form (`a=1&b=2`) to `to`, the values that are masked replaced; returns where it ended, 0 when it is not a form. */
export function maskForm(start: usize, length: u32, masks: BodyMasks, to: usize): usize {
  const end = start + length
  return isForm(start, end) ? maskPairs(start, end, Part.Form, masks, to) : 0
}

/**
 * The same for a URI, or a text that may have one in it: for parameters of the query, of the fragment and, where the text
 * begins with a path or with `http`, of the path. Names are compared decoded, in any case; a value goes to the next `&` or
 * `#`. Where a `;` or `?` stands in a value, a name may begin.
 */
export function maskUri(start: usize, length: u32, masks: BodyMasks, to: usize): usize {
  const end = start + length
  if (beginsWithPath(start, length)) return maskPairs(start, end, Part.Path, masks, to)
  let at = start
  while (at < end && !beginsQuery(load<u8>(at))) at++
  copyPadded(to, start, at - start)
  return maskPairs(at, end, Part.Query, masks, to + (at - start))
}

/** Whether there can be anything in it for `maskUri`. */
export function mayHaveParameters(start: usize, length: u32): bool {
  const hasPath = beginsWithPath(start, length)
  for (let at = start, end = start + length; at < end; at++) {
    const byte = load<u8>(at)
    if (beginsQuery(byte) || (hasPath && byte == SEMICOLON)) return true
  }
  return false
}

function beginsWithPath(start: usize, length: u32): bool {
  if (length < 4) return length > 0 && load<u8>(start) == SLASH
  return load<u8>(start) == SLASH || (load<u32>(start) | 0x20202020) == HTTP
}

/** `http` */
const HTTP: u32 = 0x70747468

function beginsQuery(byte: u8): bool {
  return byte == QUESTION_MARK || byte == HASH
}

/**
 * What begins like JSON or XML, has no pair or has line breaks is sent as a form by clients that name no type, or the wrong
 * one (`curl -d`): its names cannot be found as those of a form.
 */
function isForm(start: usize, end: usize): bool {
  let last = end
  while (last > start && load<u8>(last - 1) <= SPACE) last--
  let at = start
  while (at < last && load<u8>(at) <= SPACE) at++
  const first = load<u8>(at)
  if (first == OPEN_BRACE || first == OPEN_BRACKET || first == QUOTE || first == OPEN_ANGLE) {
    return false
  }
  let hasPair = false
  for (; at < last; at++) {
    const byte = load<u8>(at)
    if (byte < SPACE) return false
    if (byte == EQUALS) hasPair = true
  }
  return hasPair
}

function maskPairs(start: usize, end: usize, first: Part, masks: BodyMasks, to: usize): usize {
  let part = first
  let out = to
  let copied = start
  let name: usize = part == Part.Path ? 0 : start
  let at = start
  while (at < end) {
    const byte = load<u8>(at)
    if (beginsName(byte)) {
      name = at + 1
      if (part == Part.Path && beginsQuery(byte)) part = Part.Query
    } else if (byte == SLASH && part == Part.Path) name = 0
    else if (byte == EQUALS && name) {
      if (isMasked(name, <u32>(at - name), masks)) {
        const value = at + 1
        while (at < end && !endsValue(load<u8>(at), part)) at++
        copyPadded(out, copied, value - copied)
        out += value - copied
        if (at > value) out = writeMask(out)
        copied = at
        continue
      }
      name = 0
    }
    at++
  }
  copyPadded(out, copied, end - copied)
  return out + (end - copied)
}

function beginsName(byte: u8): bool {
  return byte == AMPERSAND || byte == SEMICOLON || beginsQuery(byte)
}

function endsValue(byte: u8, part: Part): bool {
  if (byte == AMPERSAND) return true
  if (byte == HASH) return part != Part.Form
  if (part != Part.Path) return false
  return byte == SLASH || byte == SEMICOLON || byte == QUESTION_MARK
}

/** Some servers ignore blanks around a name. */
function isMasked(start: usize, length: u32, masks: BodyMasks): bool {
  const decoded = allocate(length)
  trim(decoded, decoded + decodePercent(start, length, decoded), parameter)
  return masks.hasField(parameter.start, parameter.length)
}
