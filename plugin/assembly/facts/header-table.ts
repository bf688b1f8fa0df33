import { allocate } from '../memory/arena'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'
import { Span, clear, equal } from '../memory/span'
import { keyedHash } from '../random/keyed-hash'

/** A name to look for, with what the index is searched by. */
@unmanaged
export class HeaderName {
  hash: u32

  constructor(public text: Span) {
    this.hash = hashOf(text.start, text.length)
  }
}

/** In lower case, as Envoy has names. */
export function headerName(name: Span): HeaderName {
  return new HeaderName(name)
}

/** One name and value of a map, where the host put them. */
@unmanaged
export class HeaderEntry {
  name: usize
  nameLength: u32
  value: usize
  valueLength: u32
  hash: u32
  /** The next entry of the same name, in order of appearance. */
  again: HeaderEntry | null
  /** The last entry of the same name; only kept in the first. */
  last: HeaderEntry
  /** Whether no entry before has this name. */
  isFirst: bool
  /** Not to be written. */
  masked: bool
}

/** Names beyond this number are ignored: Envoy's own default is 100. */
const MAX_ENTRIES: u32 = 16384

/** More collisions than ordinary names ever cause, in a table of which half is empty. */
const MOST_COLLISIONS: u32 = 64

/**
 * A header map read in place: the blob is not copied, entries and the hash index stand in the arena, so a table lives
 * as long as its callback.
 */
@unmanaged
export class HeaderTable {
  count: u32
  private entries: usize
  private slots: usize
  private mask: u32
  /** More names collided than by chance: the index then uses a keyed hash, for which colliding names cannot be constructed. */
  private keyed: bool
  /** How many other names were looked at while indexing. */
  collisions: u32

  at(index: u32): HeaderEntry {
    return changetype<HeaderEntry>(this.entries + index * offsetof<HeaderEntry>())
  }

  /** Reads a blob of `headerPairs`. What would lie outside the blob is left out. */
  read(blob: Span): void {
    this.count = 0
    const length = blob.length
    if (length < 4) return
    const declared = load<u32>(blob.start)
    const claimed = min(declared, MAX_ENTRIES)
    if (<u64>declared * 8 + 4 > <u64>length) return

    let slots: u32 = 16
    while (slots < claimed * 2) slots <<= 1
    this.mask = slots - 1
    this.slots = allocate(slots * 4)
    clear(this.slots, slots * 4)
    this.entries = allocate(claimed * offsetof<HeaderEntry>())
    this.keyed = false
    this.collisions = 0

    let lengths = blob.start + 4
    let at = lengths + declared * 8
    for (let i: u32 = 0; i < claimed; i++) {
      const nameLength = load<u32>(lengths)
      const valueLength = load<u32>(lengths, 4)
      lengths += 8
      if (<u64>at + nameLength + valueLength + 2 > <u64>blob.end) return
      const entry = this.at(i)
      entry.name = at
      entry.nameLength = nameLength
      entry.value = at + nameLength + 1
      entry.valueLength = valueLength
      entry.hash = hashOf(at, nameLength)
      entry.again = null
      entry.last = entry
      entry.masked = false
      this.count = i + 1
      at += nameLength + valueLength + 2
      this.index(entry, i)
      if (!this.keyed && this.collisions > MOST_COLLISIONS + i) this.indexAgain()
    }
  }

  /** Another value for an entry, which ends at `end`. */
  replace(entry: HeaderEntry, value: usize, end: usize): void {
    entry.value = value
    entry.valueLength = <u32>(end - value)
  }

  /** The first entry of a name (lower case), null when there is none. */
  find(name: HeaderName): HeaderEntry | null {
    return this.findHashed(name.text, this.keyed ? keyedHashOf(name.text) : name.hash)
  }

  /** The same for a name that was not known beforehand. */
  findSpan(name: Span): HeaderEntry | null {
    return this.findHashed(name, this.keyed ? keyedHashOf(name) : hashOf(name.start, name.length))
  }

  private findHashed(name: Span, hash: u32): HeaderEntry | null {
    if (!this.count) return null
    let slot = hash & this.mask
    while (true) {
      const taken = load<u32>(this.slots + slot * 4)
      if (!taken) return null
      const entry = this.at(taken - 1)
      if (entry.hash == hash && equal(entry.name, entry.nameLength, name.start, name.length)) {
        return entry
      }
      slot = (slot + 1) & this.mask
    }
  }

  private indexAgain(): void {
    this.keyed = true
    clear(this.slots, (this.mask + 1) * 4)
    for (let i: u32 = 0; i < this.count; i++) {
      const entry = this.at(i)
      entry.again = null
      entry.last = entry
      this.index(entry, i)
    }
  }

  private index(entry: HeaderEntry, at: u32): void {
    if (this.keyed) entry.hash = keyedHash(entry.name, entry.nameLength)
    let slot = entry.hash & this.mask
    while (true) {
      const taken = load<u32>(this.slots + slot * 4)
      if (!taken) break
      const other = this.at(taken - 1)
      if (
        other.hash == entry.hash &&
        equal(other.name, other.nameLength, entry.name, entry.nameLength)
      ) {
        entry.isFirst = false
        other.last.again = entry
        other.last = entry
        return
      }
      this.collisions++
      slot = (slot + 1) & this.mask
    }
    entry.isFirst = true
    store<u32>(this.slots + slot * 4, at + 1)
  }
}

function keyedHashOf(name: Span): u32 {
  return keyedHash(name.start, name.length)
}

/** First and last eight bytes and the length: header names that agree in all three are rare, unless they are meant to. */
function hashOf(name: usize, length: u32): u32 {
  let bits: u64
  if (length >= 8) bits = load<u64>(name) ^ rotl<u64>(load<u64>(name + length - 8), 23)
  else bits = load<u64>(name) & (((<u64>1) << (length << 3)) - 1)
  bits = (bits + length) * HASH_MULTIPLIER
  return <u32>(bits >> 32)
}
