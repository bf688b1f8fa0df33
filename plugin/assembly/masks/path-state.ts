import { MAX_DEPTH } from '../json/validate'
import { BodyMasks, MOST_STEPS, StepKind, isNamed } from './body-masks'

/** Of each level: where its steps begin (u32), and how many elements there were (u32). */
const LEVEL: usize = 8

/**
 * Which steps of the paths are to be looked for among the members or elements of the innermost level of a document. A step
 * that no member has found stays open in arrays, so `$.items.ssn` masks in each of the items too:  masking too much is safer than too
 * little.
 */
@unmanaged
export class PathState {
  /** Whether there is any path. */
  inUse: bool
  private masks: BodyMasks = new BodyMasks()
  /** Numbers of steps: of all open levels, and behind them of the member or element that is being read. */
  private steps: usize = 0
  private levels: usize = 0
  private level: usize
  /** The steps of the innermost level, and of what is being read. */
  private first: usize
  private next: usize
  private top: usize

  begin(masks: BodyMasks): void {
    this.inUse = masks.steps > 0
    if (!this.inUse) return
    if (!this.steps) {
      this.steps = heap.alloc(<usize>(MAX_DEPTH + 2) * MOST_STEPS)
      this.levels = heap.alloc(<usize>(MAX_DEPTH + 1) * LEVEL)
    }
    this.masks = masks
    this.level = this.levels
    this.next = this.steps
    this.top = this.steps
    // The document is read like a member: what begins a path is looked for in it.
    let begins = true
    for (let i: u32 = 0; i < masks.steps; i++) {
      if (begins) store<u8>(this.top++, i)
      begins = masks.step(i).last
    }
  }

  /** What was being read is an object or array. */
  open(): void {
    store<u32>(this.level, <u32>this.first)
    store<u32>(this.level, 0, 4)
    this.level += LEVEL
    this.first = this.next
    this.next = this.top
  }

  close(): void {
    this.level -= LEVEL
    this.next = this.first
    this.first = load<u32>(this.level)
  }

  /** A member is read next; whether it is masked. */
  member(name: usize, length: u32, beginning: u64): bool {
    this.top = this.next
    let masked = false
    const masks = this.masks
    const end = this.next
    for (let at = this.first; at < end; at++) {
      const number = load<u8>(at)
      const step = masks.step(number)
      if (step.anywhere) this.add(number)
      const found =
        step.kind == StepKind.Any ||
        (step.kind == StepKind.Name && isNamed(step, name, length, beginning))
      if (!found) continue
      if (step.last) masked = true
      else this.add(number + 1)
    }
    return masked
  }

  /** The next element is read; whether it is masked. */
  element(): bool {
    const counter = this.level - LEVEL + 4
    const index = load<u32>(counter)
    store<u32>(counter, index + 1)
    this.top = this.next
    let masked = false
    for (let at = this.first; at < this.next; at++) {
      const number = load<u8>(at)
      const step = this.masks.step(number)
      if (step.anywhere || step.kind == StepKind.Name) this.add(number)
      const found =
        step.kind == StepKind.Any || (step.kind == StepKind.Index && step.index == index)
      if (!found) continue
      if (step.last) masked = true
      else this.add(number + 1)
    }
    return masked
  }

  private add(number: u8): void {
    for (let at = this.next; at < this.top; at++) if (load<u8>(at) == number) return
    store<u8>(this.top++, number)
  }
}
