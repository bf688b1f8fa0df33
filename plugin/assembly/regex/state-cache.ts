import { allocate, release } from '../memory/store'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'

/** Where a transition leads. */
export const enum Transition {
  /** Not known yet. */
  Unknown,
  /** Nothing can match any more. */
  Dead,
  Accept,
  /** To this state, or one behind it. */
  FirstState,
}

const BUCKETS: u32 = 64
const HEAD: u32 = BUCKETS * 2

/** Behind it stand the instructions of the state as bits, then a transition for each symbol. */
@unmanaged
class State {
  hash: u32
  flags: u16
  /** The next one in its bucket. */
  next: u16
}

/** In the first block of a cache, which is smaller than its expression: the bound on expressions bounds those blocks, too. */
const FIRST_STATES: u32 = 8
/** Room for 42 states at least: the largest has 8192 instructions and 255 symbols. */
const MOST_BYTES: u32 = 64 * 1024
/** Of all caches of this VM. Beyond it a cache does not grow: it is emptied when it is full. */
const BUDGET: u32 = 8 * 1024 * 1024

let held: u32 = 0

/** The states of a deterministic automaton that texts have reached so far: bounded, emptied when full. */
@unmanaged
export class StateCache {
  /** How often it was emptied. */
  clears: u32
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
    this.stride = offsetof<State>() + words * 8 + symbols * 2
  }

  @inline
  transition(state: u32, symbol: u32): u32 {
    return load<u16>(this.row(state) + ((<usize>symbol) << 1))
  }

  @inline
  bits(state: u32): usize {
    return this.at(state) + offsetof<State>()
  }

  flags(state: u32): u32 {
    return changetype<State>(this.at(state)).flags
  }

  setTransition(state: u32, symbol: u32, to: u32): void {
    store<u16>(this.row(state) + ((<usize>symbol) << 1), <u16>to)
  }

  /** The state of these instructions and flags; unknown when it is not in the cache. */
  find(bits: usize, flags: u32): u32 {
    if (!this.block) return Transition.Unknown
    const hash = this.hash(bits, flags)
    let state: u32 = load<u16>(this.block + (hash & (BUCKETS - 1)) * 2)
    while (state != Transition.Unknown) {
      const known = changetype<State>(this.at(state))
      const isAlike = known.hash == hash && known.flags == flags
      if (isAlike && memory.compare(this.bits(state), bits, this.words * 8) == 0) return state
      state = known.next
    }
    return Transition.Unknown
  }

  get full(): bool {
    return this.count == this.capacity
  }

  /** Room for more states; false when it is as large as it may become. */
  grow(): bool {
    const bytes = min(MOST_BYTES, max(this.bytes * 2, HEAD + this.stride * FIRST_STATES))
    const more = bytes - this.bytes
    if (!more || (this.block && held + more > BUDGET)) return false
    const block = allocate(bytes)
    if (!block) return false
    memory.fill(block, 0, HEAD)
    memory.copy(block, this.block, this.bytes)
    release(this.block)
    held += more
    this.block = block
    this.bytes = bytes
    // Never more than the 16 bits of a transition can tell: not even 4000 of the smallest states fit.
    this.capacity = (bytes - HEAD) / this.stride
    return true
  }

  /** False when it has no memory at all. */
  clear(): bool {
    if (!this.block) return false
    this.clears++
    this.count = 0
    memory.fill(this.block, 0, HEAD)
    return true
  }

  /** There must be room. */
  add(bits: usize, flags: u32): u32 {
    const state = Transition.FirstState + this.count++
    const at = this.at(state)
    const hash = this.hash(bits, flags)
    const bucket = this.block + (hash & (BUCKETS - 1)) * 2
    memory.fill(at, 0, this.stride)
    const added = changetype<State>(at)
    added.hash = hash
    added.flags = <u16>flags
    added.next = load<u16>(bucket)
    store<u16>(bucket, <u16>state)
    memory.copy(this.bits(state), bits, this.words * 8)
    return state
  }

  free(): void {
    held -= this.bytes
    release(this.block)
    heap.free(changetype<usize>(this))
  }

  @inline
  private at(state: u32): usize {
    return this.block + HEAD + <usize>(state - Transition.FirstState) * this.stride
  }

  @inline
  private row(state: u32): usize {
    return this.bits(state) + this.words * 8
  }

  private hash(bits: usize, flags: u32): u32 {
    let hash = flags * HASH_MULTIPLIER
    for (let i: usize = 0; i < this.words; i++) {
      hash = rotl<u64>((hash ^ load<u64>(bits + i * 8)) * HASH_MULTIPLIER, 29)
    }
    return <u32>(hash >> 32)
  }
}
