/** The sources of identities as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'
import { TextError } from '../../../../plugin/assembly/text/text-error'
import { reset } from '../../../../plugin/assembly/memory/arena'
import { Span } from '../../../../plugin/assembly/memory/span'
import { basicUser, bearerToken } from '../../../../plugin/assembly/sources/authorization'
import { claimOf } from '../../../../plugin/assembly/sources/jwt'
import { cookieValue, queryValue } from '../../../../plugin/assembly/sources/pairs'
import { SourceUse, parseSource } from '../../../../plugin/assembly/sources/parse-source'
import { Source, SourceKind, setCopy } from '../../../../plugin/assembly/sources/source'
import { SourceList } from '../../../../plugin/assembly/sources/source-list'

export { heldMemory, takeBackResults } from './held-memory'
export { allocate, release } from './bytes'

const error = new TextError()
const text = new Span()
const key = new Span()
const into = new Span()

/** A source's handle; 0: see `errorPosition` and `errorReason`. */
export function parse(start: usize, length: u32, use: u32): usize {
  reset()
  const source = parseSource(start, length, <SourceUse>use, error)
  return source == null ? 0 : changetype<usize>(source)
}

export function errorPosition(): u32 {
  return error.position
}

export function errorReason(): Span {
  return error.reason
}

export function kindOf(source: Source): u32 {
  return source.kind
}

export function isHashed(source: Source): bool {
  return source.hashed
}

export function fromRight(source: Source): u32 {
  return source.fromRight
}

export function nameOf(source: Source): Span {
  return source.name
}

export function pathOf(source: Source): Span {
  return source.path
}

export function freeSource(source: Source): void {
  source.free()
}

/** Fills a list twice, cleared in between, and frees it: how often a source was where it belongs. */
export function listSources(count: u32): u32 {
  const list = new SourceList()
  let found: u32 = 0
  for (let round = 0; round < 2; round++) {
    list.clear()
    for (let i: u32 = 0; i < count; i++) {
      const source = new Source(SourceKind.Literal)
      setCopy(source.name, changetype<usize>(list), 4)
      source.fromRight = i
      list.push(source)
    }
    for (let i: u32 = 0; i < list.count; i++) if (list.at(i).fromRight == i) found++
  }
  list.free()
  return found
}

/** The value as a span, null when there is none. */
export function claim(start: usize, length: u32, path: usize, pathLength: u32): Span | null {
  begin(start, length, path, pathLength)
  return claimOf(text, key, into) ? into : null
}

export function bearer(start: usize, length: u32): Span | null {
  begin(start, length, 0, 0)
  return bearerToken(text, into) ? into : null
}

export function basic(start: usize, length: u32): Span | null {
  begin(start, length, 0, 0)
  return basicUser(text, into) ? into : null
}

export function cookie(start: usize, length: u32, name: usize, nameLength: u32): Span | null {
  begin(start, length, name, nameLength)
  return cookieValue(text, key, into) ? into : null
}

export function query(start: usize, length: u32, name: usize, nameLength: u32): Span | null {
  begin(start, length, name, nameLength)
  return queryValue(text, key, into) ? into : null
}

function begin(start: usize, length: u32, other: usize, otherLength: u32): void {
  reset()
  text.set(start, length)
  key.set(other, otherLength)
}
