import { Prefilter } from '../conditions/prefilter'
import { ALL_VERBS } from '../conditions/verb'
import { ByteBuffer } from '../memory/byte-buffer'
import { Rule } from './rule'

const ENTRY: u32 = 24

/**
 * Rules that are looked at for every exchange, flat: for each group of each the bytes that sort most requests out, so that five
 * hundred of them cost a walk through 12 KB.
 */
@unmanaged
export class RuleList {
  private entries: ByteBuffer = new ByteBuffer(u32.MAX_VALUE)

  get failed(): bool {
    return this.entries.failed
  }

  get length(): u32 {
    return this.entries.length / ENTRY
  }

  add(rule: Rule, index: u32): void {
    const groups = rule.groups
    if (groups == null) return this.push(0, 0, ALL_VERBS, index)
    let group = groups.first
    while (group != null) {
      this.addPrefilter(group.prefilter, index)
      group = group.next
    }
  }

  /** The first entry from `from` on that lets such a request pass; `length` when there is none. */
  next(from: u32, verbBit: u32, route: u64): u32 {
    const length = this.length
    for (let i = from; i < length; i++) {
      const at = this.entries.start + i * ENTRY
      if ((route & load<u64>(at, 8)) != load<u64>(at)) continue
      if (load<u32>(at, 16) & verbBit) return i
    }
    return length
  }

  ruleAt(entry: u32): u32 {
    return load<u32>(this.entries.start + entry * ENTRY, 20)
  }

  free(): void {
    this.entries.free()
    heap.free(changetype<usize>(this))
  }

  private addPrefilter(prefilter: Prefilter, index: u32): void {
    this.push(prefilter.prefix, prefilter.mask, prefilter.verbs, index)
  }

  private push(prefix: u64, mask: u64, verbs: u32, index: u32): void {
    const at = this.entries.room(ENTRY)
    if (!at) return
    store<u64>(at, prefix)
    store<u64>(at, mask, 8)
    store<u32>(at, verbs, 16)
    store<u32>(at, index, 20)
  }
}
