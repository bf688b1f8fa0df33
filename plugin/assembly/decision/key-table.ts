import { ByteBuffer } from '../memory/byte-buffer'
import { HASH_MULTIPLIER } from '../memory/hash-multiplier'
import { allocate, release } from '../memory/store'

const FIRST_SLOTS: u32 = 64
/** Of all keys and values. */
const MOST_BYTES: u32 = 256 * 1024 * 1024
const LONGEST_KEY: u32 = 0xffff
const KEY: u32 = 2

/**
 * Values by key, for ten users or a hundred thousand: all entries lie in one block, each a length, the key, then whatever its
 * owner writes behind; a table of 32-bit offsets finds them. That is the key and 2 bytes, the value, and 5 to 11 bytes of table.
 */
@unmanaged
export class KeyTable {
  count: u32 = 0
  failed: bool = false
  /** The value of the entry that was added last is written here. */
  readonly entries: ByteBuffer = new ByteBuffer(MOST_BYTES)
  /** Offsets of entries, one more than they are: 0 is none. */
  private slots: usize = 0
  private mask: u32 = 0

  /** Begins the entry of a key, in place of one that has it already. False when there is no room. */
  add(key: usize, length: u32): bool {
    if (length > LONGEST_KEY) return false
    if ((this.count + 1) * 4 > this.capacity * 3 && !this.grow()) return false
    const offset = this.entries.length
    this.entries.word16(length)
    this.entries.bytes(key, length)
    if (this.entries.failed) {
      this.failed = true
      return false
    }
    const slot = this.slotOf(key, length)
    if (!load<u32>(slot)) this.count++
    store<u32>(slot, offset + 1)
    return true
  }

  /** Where the value of a key lies; 0 when there is none. */
  find(key: usize, length: u32): usize {
    if (!this.count) return 0
    const offset = load<u32>(this.slotOf(key, length))
    return offset ? this.entries.start + offset - 1 + KEY + length : 0
  }

  /** Slots of the table: entries are gone through by `keyAt`. */
  get capacity(): u32 {
    return this.slots ? this.mask + 1 : 0
  }

  /** Where the entry in a slot lies, 0 when there is none: a length in 16 bits, the key, the value. */
  entryAt(slot: u32): usize {
    const offset = load<u32>(this.slots + slot * 4)
    return offset ? this.entries.start + offset - 1 : 0
  }

  free(): void {
    this.entries.free()
    release(this.slots)
    heap.free(changetype<usize>(this))
  }

  private slotOf(key: usize, length: u32): usize {
    let slot = hashOf(key, length) & this.mask
    while (true) {
      const at = this.slots + slot * 4
      const offset = load<u32>(at)
      if (!offset) return at
      const entry = this.entries.start + offset - 1
      if (<u32>load<u16>(entry) == length && memory.compare(entry + KEY, key, length) == 0)
        return at
      slot = (slot + 1) & this.mask
    }
  }

  private grow(): bool {
    const old = this.slots
    const oldCapacity = this.capacity
    const capacity = old ? oldCapacity * 2 : FIRST_SLOTS
    const slots = allocate(capacity * 4)
    if (!slots) {
      this.failed = true
      return false
    }
    memory.fill(slots, 0, capacity * 4)
    this.slots = slots
    this.mask = capacity - 1
    for (let slot: u32 = 0; slot < oldCapacity; slot++) {
      const offset = load<u32>(old + slot * 4)
      if (!offset) continue
      const entry = this.entries.start + offset - 1
      store<u32>(this.slotOf(entry + KEY, load<u16>(entry)), offset)
    }
    release(old)
    return true
  }
}

/** Eight bytes can be read wherever a key begins: every block has room behind it. */
function hashOf(key: usize, length: u32): u32 {
  let hash: u64 = length * HASH_MULTIPLIER
  let at = key
  const end = key + length
  for (; at + 8 <= end; at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * HASH_MULTIPLIER, 29)
  const rest = <u64>(end - at)
  if (rest) hash = (hash ^ (load<u64>(at) & (((<u64>1) << (rest << 3)) - 1))) * HASH_MULTIPLIER
  return <u32>((hash * HASH_MULTIPLIER) >> 32)
}
