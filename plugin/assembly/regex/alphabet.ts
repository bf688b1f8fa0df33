import { allocate, footprint, release } from '../memory/store'
import { CharSets, MAX_POINT } from './char-set'
import { ASCII, pointAt } from './code-point'
import { Words } from './words'

/** A class is a byte, and the end of the text is a symbol of its own. */
const MOST_CLASSES: u32 = 254
const MOST_INTERVALS: u32 = 2048
/** Bytes of a set of classes, one bit each. */
const MEMBERS: u32 = (MOST_CLASSES + 7) >> 3
const NO_SET: u32 = 0xffffffff

/** For each class, while a set is looked at: whether it has characters in it, and outside. */
const IN: u8 = 1
const OUT: u8 = 2
const sides = memory.data(MOST_CLASSES)
const renamed = memory.data(MOST_CLASSES)

/**
 * Characters that a pattern does not distinguish form one class: transitions are by class. A table for ASCII, beyond it a
 * sorted list of where the class changes.
 */
@unmanaged
export class Alphabet {
  classes: u32 = 1
  failed: bool = false
  private ascii: usize = 0
  /** Of all code points: where an interval begins, and its class. */
  private firsts: Words = new Words(MOST_INTERVALS)
  private kinds: Words = new Words(MOST_INTERVALS)
  /** Of each set its classes. */
  private members: usize = 0
  private wordSet: u32 = NO_SET

  /** `words`: distinguish word characters, too. */
  build(sets: CharSets, words: bool): void {
    if (words) {
      sets.begin()
      sets.addWord()
      this.wordSet = sets.end()
    }
    this.split(sets)
    this.ascii = allocate(ASCII)
    this.members = allocate(sets.count * MEMBERS)
    if (!this.ascii || !this.members || this.firsts.failed || sets.failed) this.failed = true
    if (this.failed) return
    for (let i: u32 = 0; i < this.firsts.length; i++) this.kinds.push(0)
    if (this.kinds.failed) this.failed = true
    for (let set: u32 = 0; set < sets.count && !this.failed; set++) this.refine(sets, set)
    if (this.failed) return
    memory.fill(this.members, 0, sets.count * MEMBERS)
    for (let set: u32 = 0; set < sets.count; set++) this.enter(sets, set)
    for (let point: u32 = 0; point < ASCII; point++) {
      store<u8>(this.ascii + point, <u8>this.search(point))
    }
  }

  @inline
  ofAscii(byte: u8): u32 {
    return load<u8>(this.ascii + byte)
  }

  /** The class of the character of `length` bytes at an address. */
  at(address: usize, length: u32): u32 {
    return this.search(pointAt(address, length))
  }

  has(set: u32, symbol: u32): bool {
    const byte = load<u8>(this.members + set * MEMBERS + (symbol >> 3))
    return ((byte >> ((<u8>symbol) & 7)) & 1) != 0
  }

  isWord(symbol: u32): bool {
    return this.wordSet != NO_SET && this.has(this.wordSet, symbol)
  }

  get bytes(): u32 {
    return footprint(this.ascii) + footprint(this.members) + this.firsts.bytes + this.kinds.bytes
  }

  free(): void {
    release(this.ascii)
    release(this.members)
    this.firsts.free()
    this.kinds.free()
    heap.free(changetype<usize>(this))
  }

  private search(point: u32): u32 {
    return this.kinds.at(this.interval(point))
  }

  private interval(point: u32): u32 {
    let low: u32 = 0
    let high = this.firsts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.firsts.at(middle) <= point) low = middle
      else high = middle
    }
    return low
  }

  /** Intervals that no set cuts through. */
  private split(sets: CharSets): void {
    const firsts = this.firsts
    firsts.push(0)
    for (let set: u32 = 0; set < sets.count; set++) {
      for (let i = sets.rangesOf(set); i < sets.rangesEnd(set) && !firsts.failed; i += 2) {
        this.splitAt(sets.word(i))
        if (sets.word(i + 1) < MAX_POINT) this.splitAt(sets.word(i + 1) + 1)
      }
    }
  }

  private splitAt(point: u32): void {
    const firsts = this.firsts
    if (firsts.failed) return
    let index = this.interval(point)
    if (firsts.at(index) == point) return
    index++
    firsts.push(point)
    if (firsts.failed) return
    const from = firsts.start + ((<usize>index) << 2)
    memory.copy(from + 4, from, (<usize>(firsts.length - 1 - index)) << 2)
    firsts.set(index, point)
  }

  /** Gives the characters in the set another class than those of their class outside. */
  private refine(sets: CharSets, set: u32): void {
    memory.fill(sides, 0, MOST_CLASSES)
    for (let i: u32 = 0; i < this.kinds.length; i++) {
      const side = sides + this.kinds.at(i)
      store<u8>(side, load<u8>(side) | (isIn(sets, set, this.firsts.at(i)) ? IN : OUT))
    }
    const before = this.classes
    for (let kind: u32 = 0; kind < before; kind++) {
      const cut = load<u8>(sides + kind) == (IN | OUT)
      store<u8>(renamed + kind, cut ? <u8>this.classes : <u8>kind)
      if (cut) this.classes++
      if (this.classes > MOST_CLASSES) {
        this.failed = true
        return
      }
    }
    for (let i: u32 = 0; i < this.kinds.length; i++) {
      if (isIn(sets, set, this.firsts.at(i)))
        this.kinds.set(i, load<u8>(renamed + this.kinds.at(i)))
    }
  }

  private enter(sets: CharSets, set: u32): void {
    for (let i: u32 = 0; i < this.kinds.length; i++) {
      if (!isIn(sets, set, this.firsts.at(i))) continue
      const kind = this.kinds.at(i)
      const at = this.members + set * MEMBERS + (kind >> 3)
      store<u8>(at, load<u8>(at) | (1 << ((<u8>kind) & 7)))
    }
  }
}

function isIn(sets: CharSets, set: u32, point: u32): bool {
  let low = sets.rangesOf(set) >> 1
  let high = sets.rangesEnd(set) >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (point < sets.word(middle * 2)) high = middle
    else if (point > sets.word(middle * 2 + 1)) low = middle + 1
    else return true
  }
  return false
}
