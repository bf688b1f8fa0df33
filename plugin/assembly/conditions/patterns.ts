import { copyOf, equal } from '../memory/span'
import { hashOf } from '../memory/hash'
import { PatternError, TOO_LARGE } from '../regex/pattern-error'
import { Regex, compile } from '../regex/regex'

const BUCKETS: u32 = 256
const TABLE_BYTES: u32 = BUCKETS * 4

@unmanaged
class CachedPattern {
  next: CachedPattern | null = null

  constructor(
    readonly text: usize,
    readonly length: u32,
    readonly regex: Regex,
  ) {}
}

/** The compiled expressions of one document: a pattern that many conditions share is compiled once. */
@unmanaged
export class Patterns {
  /** Linear memory they take. */
  bytes: u32 = 0
  private buckets: usize = heap.alloc(TABLE_BYTES)

  constructor(private mostBytes: u32) {
    memory.fill(this.buckets, 0, TABLE_BYTES)
  }

  /** Null when it is not a valid pattern: `error` has the reason. */
  compile(start: usize, length: u32, error: PatternError): Regex | null {
    const bucket = this.buckets + <u32>(hashOf(0, start, length) >> 56) * 4
    let cached = changetype<CachedPattern | null>(load<usize>(bucket))
    while (cached != null) {
      if (equal(cached.text, cached.length, start, length)) return cached.regex
      cached = cached.next
    }
    if (this.bytes > this.mostBytes) {
      error.set(0, TOO_LARGE)
      return null
    }
    const regex = compile(start, length, error)
    if (regex == null) return null
    this.bytes += regex.bytes
    const added = new CachedPattern(copyOf(start, length), length, regex)
    added.next = changetype<CachedPattern | null>(load<usize>(bucket))
    store<usize>(bucket, changetype<usize>(added))
    return regex
  }

  free(): void {
    for (let i: u32 = 0; i < BUCKETS; i++) {
      let cached = changetype<CachedPattern | null>(load<usize>(this.buckets + i * 4))
      while (cached != null) {
        const next = cached.next
        cached.regex.free()
        heap.free(cached.text)
        heap.free(changetype<usize>(cached))
        cached = next
      }
    }
    heap.free(this.buckets)
    heap.free(changetype<usize>(this))
  }
}
