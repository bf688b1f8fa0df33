/**
 * Bytes somewhere in linear memory, owned by someone else. The layout (address, then length) is what the host writes
 * for a result, so a Span is handed to host calls as it is.
 */
@unmanaged
export class Span {
  constructor(
    public start: usize = 0,
    public length: u32 = 0,
  ) {}

  @inline
  get end(): usize {
    return this.start + this.length
  }

  clear(): void {
    this.set(0, 0)
  }

  @inline
  set(start: usize, length: u32): void {
    this.start = start
    this.length = length
  }
}

/**
 * The bytes of a literal, in UTF-8: meant for constants at module level.
 * @note replaced at compile time by `constant` and the bytes (`plugin/build/literal-bytes.ts`): never called.
 */
export declare function utf8(literal: string): Span

/**
 * Bytes of the module's own data. 16-byte reads past its end stay within memory, since the heap follows.
 *
 * @public written by `plugin/build/literal-bytes.ts`
 */
export function constant(start: usize, length: u32): Span {
  return new Span(start, length)
}

/** Every block that is read or written 16 bytes at a time has this much room behind it. */
export const PADDING: usize = 16

export function equal(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  return aLength == bLength && memory.compare(a, b, aLength) == 0
}

/** Whether these bytes are one of a list. */
export function isOneOf(list: Span[], start: usize, length: u32): bool {
  for (let i = 0; i < list.length; i++) {
    const one = list[i]
    if (equal(one.start, one.length, start, length)) return true
  }
  return false
}

/** A copy that its owner frees with `heap.free(span.start)`. */
export function copyOf(start: usize, length: u32): usize {
  const copy = heap.alloc(<usize>length + PADDING)
  copyPadded(copy, start, length)
  return copy
}

/** Longer copies and fills are faster as one instruction, which is a call out of the module. */
const SHORT: usize = 1024

/** Copies between two blocks that both have room behind them. */
export function copyPadded(to: usize, from: usize, length: usize): void {
  if (length > SHORT) memory.copy(to, from, length)
  else for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i))
}

/** Of a block that has room behind it. */
export function clear(at: usize, length: usize): void {
  if (length > SHORT) memory.fill(at, 0, length)
  else for (let i: usize = 0; i < length; i += 16) v128.store(at + i, i64x2.splat(0))
}
