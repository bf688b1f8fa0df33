import { Alphabet } from './alphabet'
import { ASCII, pointLength } from './code-point'
import { MOST_INSTRUCTIONS, Op, Program } from './program'
import { StateCache, Transition } from './state-cache'
import { Assertion } from './syntax-tree'

export const enum Verdict {
  No,
  Yes,
  /** Given up: no memory, or too many new states for this text and pattern. */
  Unknown,
}

/** Flags of a state: what stood before the place it is at. */
const AT_BEGIN: u32 = 1
const AFTER_WORD: u32 = 2

/** Instructions looked at for one text before it is given up: some 10 ms. */
const MOST_WORK: u32 = 4_000_000

/** Instructions to go on from, and sets of them, while a step is computed; shared by all automata of this VM. */
const stack = memory.data(MOST_INSTRUCTIONS * 2)
const here = memory.data(MOST_INSTRUCTIONS >> 3)
const there = memory.data(MOST_INSTRUCTIONS >> 3)

/**
 * Whether a program matches anywhere in a text. Its sets of instructions become states of a deterministic automaton when a
 * text first leads to them, so that every further character costs one look into a table, whatever the pattern.
 */
@unmanaged
export class Automaton {
  private cache: StateCache
  private words: u32
  private end: u32
  private work: u32
  /** What it means that nothing can match any more: No, or Unknown when the text was given up. */
  private noMatch: Verdict
  /** The state before the first character, once it is known. */
  private initial: u32 = Transition.Unknown

  constructor(
    private program: Program,
    private alphabet: Alphabet,
    /** It can only match where the text begins. */
    private anchored: bool,
    /** There are assertions in it. */
    private asserts: bool,
  ) {
    const words = (program.length + 63) >> 6
    this.cache = new StateCache(words, alphabet.classes + 1)
    this.words = words
    this.end = alphabet.classes
  }

  matches(start: usize, length: u32): Verdict {
    this.work = 0
    this.noMatch = Verdict.No
    let state = this.initial
    if (state == Transition.Unknown) {
      this.empty(here)
      if (this.follow(here, this.program.entry)) return Verdict.Yes
      state = this.state(here, AT_BEGIN)
      if (state == Transition.Unknown) return Verdict.Unknown
      this.initial = state
    }
    const end = start + length
    let at = start
    while (at < end) {
      const byte = load<u8>(at)
      let symbol: u32
      if (byte < ASCII) {
        symbol = this.alphabet.ofAscii(byte)
        at++
      } else {
        const size = pointLength(at, end)
        symbol = this.alphabet.at(at, size)
        at += size
      }
      let next = this.cache.transition(state, symbol)
      if (next == Transition.Unknown) next = this.step(state, symbol)
      if (next == Transition.Dead) return this.noMatch
      if (next == Transition.Accept) return Verdict.Yes
      state = next
    }
    let last = this.cache.transition(state, this.end)
    if (last == Transition.Unknown) last = this.step(state, this.end)
    return last == Transition.Accept ? Verdict.Yes : this.noMatch
  }

  free(): void {
    this.cache.free()
    heap.free(changetype<usize>(this))
  }

  /** Where a symbol leads from a state; to none when the text is given up. */
  private step(state: u32, symbol: u32): u32 {
    if (this.work > MOST_WORK) {
      this.noMatch = Verdict.Unknown
      return Transition.Dead
    }
    const flags = this.cache.flags(state)
    memory.copy(here, this.cache.bits(state), this.words * 8)
    const next = this.isAccepted(flags, symbol) ? Transition.Accept : this.advance(symbol)
    if (next != Transition.Unknown) {
      this.cache.setTransition(state, symbol, next)
      return next
    }
    const afterWord = this.alphabet.isWord(symbol) ? AFTER_WORD : 0
    const clears = this.cache.clears
    const target = this.state(there, afterWord)
    // A full cache is emptied: then the previous state no longer exists, and its transition is not recorded.
    if (this.cache.clears == clears) this.cache.setTransition(state, symbol, target)
    return target
  }

  private state(bits: usize, flags: u32): u32 {
    const known = this.cache.find(bits, flags)
    if (known != Transition.Unknown) return known
    if (this.cache.full && !this.cache.grow() && !this.clear()) return Transition.Unknown
    return this.cache.add(bits, flags)
  }

  private clear(): bool {
    this.initial = Transition.Unknown
    return this.cache.clear()
  }

  /** Follows the assertions in `here` that hold before `symbol`; true when that leads to a match. */
  private isAccepted(flags: u32, symbol: u32): bool {
    if (!this.asserts) return false
    // `there` is free until the step is made: here it marks the instructions that were looked at.
    this.empty(there)
    // Until nothing new is found: an assertion may lead to another with a lower number.
    let again = true
    while (again) {
      again = false
      for (let word: u32 = 0; word < this.words; word++) {
        const seen = load<u64>(there + word * 8)
        let bits = load<u64>(here + word * 8) & ~seen
        store<u64>(there + word * 8, seen | bits)
        for (; bits; bits &= bits - 1) {
          const at = this.program.start + (((<usize>word) << 6) + <usize>ctz(bits)) * 8
          if (load<u16>(at, 2) != Op.Assert) continue
          if (!this.holds(<Assertion>load<u16>(at), flags, symbol)) continue
          if (this.follow(here, load<u32>(at, 4))) return true
          again = true
        }
      }
    }
    return false
  }

  private holds(place: Assertion, flags: u32, symbol: u32): bool {
    if (place == Assertion.Begin) return (flags & AT_BEGIN) != 0
    if (place == Assertion.End) return symbol == this.end
    const boundary = this.alphabet.isWord(symbol) != ((flags & AFTER_WORD) != 0)
    return boundary == (place == Assertion.WordBoundary)
  }

  /** The instructions behind `symbol`, of which the end is in no set, into `there`: dead, accepting, or unknown for a set that needs a state. */
  private advance(symbol: u32): u32 {
    this.empty(there)
    // Where it may begin anywhere, it may begin here, too.
    let any = !this.anchored
    if (any) this.follow(there, this.program.entry)
    for (let word: u32 = 0; word < this.words; word++) {
      let bits = load<u64>(here + word * 8)
      for (; bits; bits &= bits - 1) {
        const at = this.program.start + (((<usize>word) << 6) + <usize>ctz(bits)) * 8
        this.work++
        if (load<u16>(at, 2) != Op.Char || !this.alphabet.has(load<u16>(at), symbol)) continue
        if (this.follow(there, load<u32>(at, 4))) return Transition.Accept
        any = true
      }
    }
    return any ? Transition.Unknown : Transition.Dead
  }

  /** Adds what can be reached from an instruction without a character; true when it is a match. */
  private follow(set: usize, from: u32): bool {
    let top = stack
    store<u16>(top, <u16>from)
    top += 2
    while (top > stack) {
      top -= 2
      let index: u32 = load<u16>(top)
      while (true) {
        const cell = set + (index >> 6) * 8
        const bit = (<u64>1) << ((<u64>index) & 63)
        if (load<u64>(cell) & bit) break
        store<u64>(cell, load<u64>(cell) | bit)
        const at = this.program.start + <usize>index * 8
        const op: u32 = load<u16>(at, 2)
        if (op == Op.Match) return true
        if (op != Op.Split) break
        store<u16>(top, load<u16>(at))
        top += 2
        index = load<u32>(at, 4)
      }
    }
    return false
  }

  private empty(set: usize): void {
    this.work += this.words
    memory.fill(set, 0, this.words * 8)
  }
}
