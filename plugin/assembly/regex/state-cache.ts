import { allocate, release } from '../memory/store'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'

/** Transitions that lead to no state: not known yet, to where nothing can match any more, to a match. */
export const UNKNOWN: u32 = 0
export const DEAD: u32 = 1
export const ACCEPT: u32 = 2
const FIRST_STATE: u32 = 3

const BUCKETS: u32 = 64
const HEAD: u32 = BUCKETS * 2

/** A state: hash, flags, the next one in its bucket, then its instructions as bits, then a transition for each symbol. */
const FLAGS: u32 = 4
const NEXT: u32 = 6
const BITS: u32 = 8

const FIRST_BYTES: u32 = 1024
const MOST_BYTES: u32 = 64 * 1024
/** This many states always fit, however large they are. */
const FEWEST: u32 = 16
/** Of all caches of this VM. Beyond it a cache does not grow: it is emptied when it is full. */
const BUDGET: u32 = 8 * 1024 * 1024
/** Beyond this one that has nothing yet gets nothing: its expression is given up on. */
const BUDGET_OF_FIRSTS: u32 = 32 * 1024 * 1024

let held: u32 = 0

/** The states of a deterministic automaton that a text has led to so far: bounded, emptied when it is full. */
@unmanaged
export class StateCache {
  private block: usize = 0
  private bytes: u32 = 0
  private stride: u32
  private capacity: u32 = 0
  private count: u32 = 0

  constructor(
    /** 64-bit words of a set of instructions. */
    private words: u32,
    symbols: u32,
  ) {
    this.stride = (BITS + words * 8 + symbols * 2 + 7) & ~7
  }

  @inline
  transition(state: u32, symbol: u32): u32 {
    return load<u16>(this.row(state) + ((<usize>symbol) << 1))
  }

  @inline
  bits(state: u32): usize {
    return this.at(state) + BITS
  }

  flags(state: u32): u32 {
    return load<u16>(this.at(state), FLAGS)
  }

  setTransition(state: u32, symbol: u32, to: u32): void {
    store<u16>(this.row(state) + ((<usize>symbol) << 1), <u16>to)
  }

  /** The state of these instructions and flags; UNKNOWN when it is not in the cache. */
  find(bits: usize, flags: u32): u32 {
    if (!this.block) return UNKNOWN
    const hash = this.hash(bits, flags)
    let state: u32 = load<u16>(this.block + (hash & (BUCKETS - 1)) * 2)
    for (; state != UNKNOWN; state = load<u16>(this.at(state), NEXT)) {
      const at = this.at(state)
      if (load<u32>(at) != hash || load<u16>(at, FLAGS) != flags) continue
      if (memory.compare(at + BITS, bits, this.words * 8) == 0) return state
    }
    return UNKNOWN
  }

  get full(): bool {
    return this.count == this.capacity
  }

  /** Room for more states; false when it is as large as it may become. */
  grow(): bool {
    const most = max(MOST_BYTES, HEAD + this.stride * FEWEST)
    const budget = this.block ? BUDGET : BUDGET_OF_FIRSTS
    const bytes = min(most, max(this.bytes * 2, max(FIRST_BYTES, HEAD + this.stride * 4)))
    if (bytes <= this.bytes || held - this.bytes + bytes > budget) return false
    const block = allocate(bytes)
    if (!block) return false
    if (this.block) memory.copy(block, this.block, this.bytes)
    else memory.fill(block, 0, HEAD)
    release(this.block)
    held += bytes - this.bytes
    this.block = block
    this.bytes = bytes
    // A transition has 16 bits.
    this.capacity = min((bytes - HEAD) / this.stride, 65_000)
    return true
  }

  clear(): void {
    this.count = 0
    if (this.block) memory.fill(this.block, 0, HEAD)
  }

  /** There must be room. */
  add(bits: usize, flags: u32): u32 {
    const state = FIRST_STATE + this.count++
    const at = this.at(state)
    const hash = this.hash(bits, flags)
    const bucket = this.block + (hash & (BUCKETS - 1)) * 2
    memory.fill(at, 0, this.stride)
    store<u32>(at, hash)
    store<u16>(at, <u16>flags, FLAGS)
    store<u16>(at, load<u16>(bucket), NEXT)
    store<u16>(bucket, <u16>state)
    memory.copy(at + BITS, bits, this.words * 8)
    return state
  }

  free(): void {
    held -= this.bytes
    release(this.block)
    heap.free(changetype<usize>(this))
  }

  @inline
  private at(state: u32): usize {
    return this.block + HEAD + <usize>(state - FIRST_STATE) * this.stride
  }

  @inline
  private row(state: u32): usize {
    return this.at(state) + BITS + this.words * 8
  }

  private hash(bits: usize, flags: u32): u32 {
    let hash = flags * HASH_MULTIPLIER
    for (let i: usize = 0; i < this.words; i++) {
      hash = rotl<u64>((hash ^ load<u64>(bits + i * 8)) * HASH_MULTIPLIER, 29)
    }
    return <u32>(hash >> 32)
  }
}
