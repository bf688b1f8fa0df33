import { CASE } from '../text/ascii'
import { Words } from './words'
import {
  TAB,
  LINE_FEED,
  CARRIAGE_RETURN,
  SPACE,
  ZERO,
  NINE,
  UPPER_A,
  UPPER_Z,
  UNDERSCORE,
  LOWER_A,
  LOWER_Z,
} from '../text/bytes'

export const MAX_POINT: u32 = 0x10ffff

/** Sets beyond this make a pattern too large: each may split the alphabet once more. */
const MOST_SETS: u32 = 250
const MOST_RANGES: u32 = 8192
const RANGE_WORDS: u32 = MOST_RANGES * 2

/**
 * The sets of characters of one pattern, each once: sorted ranges of code points that neither touch nor overlap. A set is
 * built by `begin`, `add`, and one `end`, which gives its number.
 */
@unmanaged
export class CharSets {
  count: u32 = 0
  private ranges: Words = new Words(RANGE_WORDS)
  /** Of each set: the index of its first range; one more for the end. */
  private starts: Words = new Words(MOST_SETS + 1)
  private building: Words = new Words(RANGE_WORDS)
  /** Larger than bounds allow, or no memory. */
  get failed(): bool {
    return this.ranges.failed || this.starts.failed || this.building.failed
  }

  constructor() {
    this.starts.push(0)
  }

  begin(): void {
    this.building.length = 0
  }

  add(low: u32, high: u32): void {
    this.building.push(low)
    this.building.push(high)
  }

  /** Number of ranges added so far; `negateFrom` turns those from one of them on into what they leave out. */
  get mark(): u32 {
    return this.building.length
  }

  /** Digits, word characters and spaces, as JavaScript has them. */
  addDigits(): void {
    this.add(ZERO, NINE)
  }

  addWord(): void {
    this.add(ZERO, NINE)
    this.add(UPPER_A, UPPER_Z)
    this.add(UNDERSCORE, UNDERSCORE)
    this.add(LOWER_A, LOWER_Z)
  }

  addSpaces(): void {
    this.add(TAB, CARRIAGE_RETURN)
    this.add(SPACE, SPACE)
    this.add(0xa0, 0xa0)
    this.add(0x1680, 0x1680)
    this.add(0x2000, 0x200a)
    this.add(0x2028, 0x2029)
    this.add(0x202f, 0x202f)
    this.add(0x205f, 0x205f)
    this.add(0x3000, 0x3000)
    this.add(0xfeff, 0xfeff)
  }

  /** The characters that `.` does not match. */
  addLineEnds(): void {
    this.add(LINE_FEED, LINE_FEED)
    this.add(CARRIAGE_RETURN, CARRIAGE_RETURN)
    this.add(0x2028, 0x2029)
  }

  negateFrom(mark: u32): void {
    this.sort(mark)
    const words = this.building
    const end = words.length
    let low: u32 = 0
    for (let i = mark; i < end; i += 2) {
      if (words.at(i) > low) this.add(low, words.at(i) - 1)
      low = words.at(i + 1) + 1
    }
    if (low <= MAX_POINT) this.add(low, MAX_POINT)
    for (let i = end; i < words.length; i++) words.set(mark + i - end, words.at(i))
    words.length = mark + words.length - end
  }

  /** Adds the other case of every ASCII letter. */
  fold(): void {
    const words = this.building
    const end = words.length
    for (let i: u32 = 0; i < end; i += 2) {
      this.foldRange(words.at(i), words.at(i + 1), UPPER_A, CASE)
      this.foldRange(words.at(i), words.at(i + 1), LOWER_A, -(<i32>CASE))
    }
  }

  /** The number of the set that was built. */
  end(): u32 {
    this.sort(0)
    for (let set: u32 = 0; set < this.count; set++) if (this.isBuilt(set)) return set
    for (let i: u32 = 0; i < this.building.length; i++) this.ranges.push(this.building.at(i))
    this.starts.push(this.ranges.length)
    return this.count++
  }

  /** First word of the ranges of a set; `rangesEnd` is behind the last. */
  rangesOf(set: u32): u32 {
    return this.starts.at(set)
  }

  rangesEnd(set: u32): u32 {
    return this.starts.at(set + 1)
  }

  word(index: u32): u32 {
    return this.ranges.at(index)
  }

  /** The only character of a set, -1 when it has another number of them. */
  single(set: u32): i32 {
    const first = this.rangesOf(set)
    const isOne = this.rangesEnd(set) == first + 2 && this.word(first) == this.word(first + 1)
    return isOne ? <i32>this.word(first) : -1
  }

  free(): void {
    this.ranges.free()
    this.starts.free()
    this.building.free()
    heap.free(changetype<usize>(this))
  }

  private isBuilt(set: u32): bool {
    const first = this.rangesOf(set)
    const words = this.rangesEnd(set) - first
    if (words != this.building.length) return false
    const known = this.ranges.start + ((<usize>first) << 2)
    return memory.compare(known, this.building.start, (<usize>words) << 2) == 0
  }

  private foldRange(low: u32, high: u32, first: u32, distance: i32): void {
    const from = max(low, first)
    const to = min(high, first + 25)
    if (from <= to) this.add(from + distance, to + distance)
  }

  /** Sorts the ranges from `mark` on by their beginning and joins those that touch. */
  private sort(mark: u32): void {
    const words = this.building
    for (let i = mark + 2; i < words.length; i += 2) {
      const low = words.at(i)
      const high = words.at(i + 1)
      let j = i
      for (; j > mark && words.at(j - 2) > low; j -= 2) {
        words.set(j, words.at(j - 2))
        words.set(j + 1, words.at(j - 1))
      }
      words.set(j, low)
      words.set(j + 1, high)
    }
    let out = mark
    for (let i = mark; i < words.length; i += 2) {
      if (out > mark && words.at(i) <= words.at(out - 1) + 1) {
        words.set(out - 1, max(words.at(out - 1), words.at(i + 1)))
        continue
      }
      words.set(out, words.at(i))
      words.set(out + 1, words.at(i + 1))
      out += 2
    }
    words.length = out
  }
}
