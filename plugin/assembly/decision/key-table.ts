import { ByteBuffer } from '../memory/byte-buffer'
import { hashOf } from '../memory/hash'
import { allocate, release } from '../memory/store'

const FIRST_SLOTS: u32 = 64
const LONGEST_KEY: u32 = 0xffff
const KEY: u32 = 2

/**
 * Values by key, for ten users or a hundred thousand: all entries lie in one block, each a length, the key, then whatever its
 * owner writes behind; a table of 32-bit offsets finds them. That is the key and 2 bytes, the value, and 5 to 11 bytes of table.
 */
@unmanaged
export class KeyTable {
  count: u32 = 0
  /** The value of the entry that was added last is written here. */
  readonly entries: ByteBuffer = new ByteBuffer(u32.MAX_VALUE)
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
    if (this.failed) return false
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

  /** There was no memory for an entry, or for its value. */
  get failed(): bool {
    return this.entries.failed
  }

  /** Slots of the table: entries are gone through by `entryAt`. */
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
    let slot = (<u32>(hashOf(0, key, length) >> 32)) & this.mask
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
      this.entries.failed = true
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
