/**
 * The regular expressions as a module of their own, for specs: no host, text in and out at fixed places of the memory.
 */
import '../../../../plugin/assembly/abi/abort'
import { allocate, release } from '../../../../plugin/assembly/memory/store'
import { PatternError } from '../../../../plugin/assembly/regex/pattern-error'
import { Regex, compile } from '../../../../plugin/assembly/regex/regex'

const error = new PatternError()

export { heldMemory } from './held-memory'
export { allocate, release }

/** A pattern's handle; 0: see `errorPosition` and `errorReason`. */
export function compilePattern(start: usize, length: u32): usize {
  const regex = compile(start, length, error)
  return regex == null ? 0 : changetype<usize>(regex)
}

export function errorPosition(): u32 {
  return error.position
}

export function errorReason(): usize {
  return error.reason.start
}

export function errorReasonLength(): u32 {
  return error.reason.length
}

/** 0 no, 1 yes, 2 given up. */
export function matches(regex: usize, start: usize, length: u32): u32 {
  return changetype<Regex>(regex).matches(start, length)
}

export function prefixStart(regex: usize): usize {
  return changetype<Regex>(regex).prefix.start
}

export function prefixLength(regex: usize): u32 {
  return changetype<Regex>(regex).prefix.length
}

export function isExact(regex: usize): bool {
  return changetype<Regex>(regex).exact
}

export function bytes(regex: usize): u32 {
  return changetype<Regex>(regex).bytes
}

export function free(regex: usize): void {
  changetype<Regex>(regex).free()
}
