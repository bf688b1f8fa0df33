import { copyOf, equal } from '../memory/span'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'
import { PatternError } from '../regex/pattern-error'
import { Regex, compile } from '../regex/regex'

const BUCKETS: u32 = 256

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
  private buckets: usize = 0

  constructor(private mostBytes: u32) {}

  /** Null when it is not a valid pattern: `error` has the reason. */
  compile(start: usize, length: u32, error: PatternError): Regex | null {
    if (!this.buckets) {
      this.buckets = heap.alloc(BUCKETS * 4)
      memory.fill(this.buckets, 0, BUCKETS * 4)
    }
    const bucket = this.buckets + bucketOf(start, length) * 4
    let cached = changetype<CachedPattern | null>(load<usize>(bucket))
    while (cached != null) {
      if (equal(cached.text, cached.length, start, length)) return cached.regex
      cached = cached.next
    }
    if (this.bytes > this.mostBytes) {
      error.setTooLarge(0)
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
    for (let i: u32 = 0; i < BUCKETS && this.buckets; i++) {
      let cached = changetype<CachedPattern | null>(load<usize>(this.buckets + i * 4))
      while (cached != null) {
        const next = cached.next
        cached.regex.free()
        heap.free(cached.text)
        heap.free(changetype<usize>(cached))
        cached = next
      }
    }
    if (this.buckets) heap.free(this.buckets)
    heap.free(changetype<usize>(this))
  }
}

function bucketOf(start: usize, length: u32): u32 {
  let hash: u64 = length
  for (let i: u32 = 0; i < length; i++) hash = (hash ^ load<u8>(start + i)) * HASH_MULTIPLIER
  return <u32>(hash >> 56)
}
