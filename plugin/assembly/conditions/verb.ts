import { Span, equal, utf8 } from '../memory/span'

/** In the order of their bits. */
const VERBS: Span[] = [
  utf8('GET'),
  utf8('POST'),
  utf8('PUT'),
  utf8('DELETE'),
  utf8('PATCH'),
  utf8('HEAD'),
  utf8('OPTIONS'),
  utf8('CONNECT'),
  utf8('TRACE'),
]

export const ALL_VERBS: u32 = 0x3ff
/** Any other verb. */
export const OTHER_VERB: u32 = 0x200
export const OPTIONS_VERB: u32 = 0x40

/** Verbs that have a bit of their own. */
export function knownVerbs(): i32 {
  return VERBS.length
}

export function knownVerb(index: i32): Span {
  return VERBS[index]
}

/** One bit that stands for a verb. */
export function verbBit(verb: Span): u32 {
  for (let i = 0; i < VERBS.length; i++) {
    const known = VERBS[i]
    if (equal(known.start, known.length, verb.start, verb.length)) return 1 << i
  }
  return OTHER_VERB
}
