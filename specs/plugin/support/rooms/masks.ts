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
import { PAIRS_GROWTH, maskForm, maskUri } from '../../../../plugin/assembly/masks/mask-pairs'
import { parseBodyMask } from '../../../../plugin/assembly/masks/parse-body-mask'
import { reset } from '../../../../plugin/assembly/memory/arena'
import { Span, copyOf } from '../../../../plugin/assembly/memory/span'

export { allocate, release } from './bytes'
export { isJson }

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
