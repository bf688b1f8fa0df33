import { freeText } from '../memory/owned-text'
import { Span, PADDING } from '../memory/span'
import { isInAnyCase, lowerCase } from '../text/ascii'
import { CLOSE_BRACKET, DOT, OPEN_BRACKET } from '../text/bytes'

export const enum StepKind {
  /** A member of this name. */
  Name,
  /** Any member or element. */
  Any,
  /** The element of this index. */
  Index,
}

/** One step of a path: `.name`, `.*`, `[3]`, or one of them at any depth (`..name`). */
@unmanaged
export class Step {
  kind: StepKind = StepKind.Name
  anywhere: bool = false
  /** Its value is masked; else the next step goes on below it. */
  last: bool = false
  /** The last name of a path: what fields of forms, which have no paths, are masked by. */
  namesField: bool = false
  index: u32 = 0
  /** In lower case. */
  name: Span = new Span()
  /** The name's first eight bytes, as `beginningOf` has them. */
  beginning: u64

  freeName(): void {
    freeText(this.name)
  }
}

const STEP: usize = (offsetof<Step>() + 7) & ~7

/** Numbers of steps are kept as bytes. */
export const MOST_STEPS: u32 = 255

/**
 * What is masked in bodies: members of these names at any depth, and what paths lead to. Names are compared in any case,
 * of ASCII letters.
 */
@unmanaged
export class BodyMasks {
  names: u32 = 0
  steps: u32 = 0
  /** A path has no name at all: each field of a form may be meant. */
  everyField: bool = false
  /** Bit n: a name has n bytes, or n + 64, …. */
  private lengths: u64 = 0
  private nameSteps: usize = 0
  private pathSteps: usize = 0

  get isEmpty(): bool {
    return !this.names && !this.steps
  }

  /** Takes the step over. */
  addName(step: Step): void {
    this.lengths |= (<u64>1) << (step.name.length & 63)
    this.nameSteps = appended(this.nameSteps, this.names++, step)
  }

  /** One step of a path, behind the others of it, taken over. False when there are too many. */
  addStep(step: Step): bool {
    if (this.steps == MOST_STEPS) return false
    this.pathSteps = appended(this.pathSteps, this.steps++, step)
    return true
  }

  step(index: u32): Step {
    return changetype<Step>(this.pathSteps + index * STEP)
  }

  /**
   * Whether members of this name are masked wherever they are.
   *
   * @param beginning what `beginningOf` says of it
   */
  hasName(name: usize, length: u32, beginning: u64): bool {
    if (!((this.lengths >> (length & 63)) & 1)) return false
    const end = this.nameSteps + this.names * STEP
    for (let at = this.nameSteps; at < end; at += STEP) {
      if (isNamed(changetype<Step>(at), name, length, beginning)) return true
    }
    return false
  }

  /** Whether fields of a form, or parameters of a query, with this name or a part of it (`card[number]`) are masked. */
  hasField(name: usize, length: u32): bool {
    if (this.everyField || this.isField(name, length)) return true
    let part = name
    for (let at = name, end = name + length; at <= end; at++) {
      const byte: u8 = at < end ? load<u8>(at) : DOT
      if (byte != DOT && byte != OPEN_BRACKET && byte != CLOSE_BRACKET) continue
      if (this.isField(part, <u32>(at - part))) return true
      part = at + 1
    }
    return false
  }

  clear(): void {
    for (let i: u32 = 0; i < this.names; i++) {
      changetype<Step>(this.nameSteps + i * STEP).freeName()
    }
    for (let i: u32 = 0; i < this.steps; i++) this.step(i).freeName()
    heap.free(this.nameSteps)
    heap.free(this.pathSteps)
    this.nameSteps = 0
    this.pathSteps = 0
    this.names = 0
    this.steps = 0
    this.lengths = 0
    this.everyField = false
  }

  free(): void {
    this.clear()
    heap.free(changetype<usize>(this))
  }

  private isField(name: usize, length: u32): bool {
    const beginning = beginningOf(name, length)
    if (this.hasName(name, length, beginning)) return true
    for (let i: u32 = 0; i < this.steps; i++) {
      const step = this.step(i)
      if (step.namesField && isNamed(step, name, length, beginning)) return true
    }
    return false
  }
}

/** Whether a step over names is about this one. */
export function isNamed(step: Step, name: usize, length: u32, beginning: u64): bool {
  if (step.beginning != beginning) return false
  return isInAnyCase(name, length, step.name)
}

/** Makes the name of a step; owns a copy in lower case. */
export function setStepName(step: Step, start: usize, length: u32): void {
  const copy = heap.alloc(<usize>length + PADDING)
  for (let i: u32 = 0; i < length; i++) store<u8>(copy + i, lowerCase(load<u8>(start + i)))
  step.name.set(copy, length)
  step.beginning = beginningOf(copy, length)
}

/** The first eight bytes with all cases made one, and more: names that differ here differ, those that agree may not. */
export function beginningOf(name: usize, length: u32): u64 {
  let bits = load<u64>(name) | (((<u64>0x20202020) << 32) | 0x20202020)
  if (length < 8) bits &= ((<u64>1) << (length << 3)) - 1
  return bits
}

function appended(block: usize, count: u32, step: Step): usize {
  const size = (<usize>count + 1) * STEP
  const grown = block ? heap.realloc(block, size) : heap.alloc(size)
  memory.copy(grown + count * STEP, changetype<usize>(step), STEP)
  heap.free(changetype<usize>(step))
  return grown
}
