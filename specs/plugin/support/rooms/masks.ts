/** The masks as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'
import { TextError } from '../../../../plugin/assembly/text/text-error'
import { NameList } from '../../../../plugin/assembly/text/name-list'
import { isJson } from '../../../../plugin/assembly/json/validate'
import { BodyMasks } from '../../../../plugin/assembly/masks/body-masks'
import { matchesGlob } from '../../../../plugin/assembly/masks/glob'
import { COOKIES_GROWTH, maskCookies } from '../../../../plugin/assembly/masks/mask-cookies'
import { JSON_GROWTH, maskJson } from '../../../../plugin/assembly/masks/mask-json'
import { maskLines } from '../../../../plugin/assembly/masks/mask-lines'
import {
  PAIRS_GROWTH,
  maskForm,
  maskUri,
  mayHaveParameters,
} from '../../../../plugin/assembly/masks/mask-pairs'
import { parseBodyMask } from '../../../../plugin/assembly/masks/parse-body-mask'
import {
  COOKIE,
  SET_COOKIE,
  parseHeaderRule,
  parseMediaType,
} from '../../../../plugin/assembly/masks/parse-header-rule'
import { HeaderSelection } from '../../../../plugin/assembly/masks/header-selection'
import { reset } from '../../../../plugin/assembly/memory/arena'
import { Span, copyOf } from '../../../../plugin/assembly/memory/span'

export { heldMemory, takeBackResults } from './held-memory'
export { allocate, release } from './bytes'
export { isJson, mayHaveParameters }

export function growthOfJson(): usize {
  return JSON_GROWTH
}

export function growthOfPairs(): usize {
  return PAIRS_GROWTH
}

export function growthOfCookies(): usize {
  return COOKIES_GROWTH
}

const error = new TextError()
const masks = new BodyMasks()
const cookies = new NameList()

let rules = new HeaderSelection()

/** Begins anew with rules for headers. */
export function clearRules(): void {
  rules.free()
  rules = new HeaderSelection()
}

/** Whether rules that are cleared are still those of an option that is given. */
export function isGivenWhenCleared(): bool {
  rules.given = true
  rules.clear()
  return rules.given
}

const NONE = new Span()

/** @param which 0: there is no rule for a cookie, 1: there is of `cookie`, 2: of `set-cookie` */
export function addRule(start: usize, length: u32, which: u32): bool {
  const beginning = which == 0 ? NONE : which == 1 ? COOKIE : SET_COOKIE
  return parseHeaderRule(start, length, beginning, rules, error)
}

export function addMediaType(start: usize, length: u32): bool {
  return parseMediaType(start, length, rules.names, error)
}

/** Of names (0), patterns (1) or cookies (2): one by its number, null behind the last. */
export function ruleAt(list: u32, index: u32): Span | null {
  const names = list == 0 ? rules.names : list == 1 ? rules.patterns : rules.cookies
  return index < names.count ? names.at(index) : null
}

export function clearMasks(): void {
  masks.clear()
  cookies.clear()
}

export function addMask(start: usize, length: u32): bool {
  reset()
  return parseBodyMask(start, length, masks, error)
}

export function addCookie(start: usize, length: u32): void {
  cookies.push(copyOf(start, length), length)
}

export function errorPosition(): u32 {
  return error.position
}

export function errorReason(): Span {
  return error.reason
}

export function json(start: usize, length: u32, to: usize): usize {
  reset()
  return maskJson(start, length, masks, to)
}

export function lines(start: usize, length: u32, to: usize): usize {
  reset()
  return maskLines(start, length, masks, to)
}

export function form(start: usize, length: u32, to: usize): usize {
  reset()
  return maskForm(start, length, masks, to)
}

export function uri(start: usize, length: u32, to: usize): usize {
  reset()
  return maskUri(start, length, masks, to)
}

export function cookie(start: usize, length: u32, to: usize): usize {
  return maskCookies(start, length, cookies, false, to)
}

export function setCookie(start: usize, length: u32, to: usize): usize {
  return maskCookies(start, length, cookies, true, to)
}

export function glob(start: usize, length: u32, pattern: usize, patternLength: u32): bool {
  return matchesGlob(start, length, new Span(pattern, patternLength))
}
