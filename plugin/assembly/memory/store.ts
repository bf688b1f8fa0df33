/**
 * Memory of the batches: best fit over one free list, grown by the page.
 *
 * AssemblyScript's own allocator has two drawbacks: it doubles the linear memory when it runs out (which never
 * shrinks again), and it traps when the host refuses to grow it. This one grows by what is missing, and returns 0 when refused.
 */

/** Before each block: its size in bytes (header included) and, while it is free, the next free block by address. */
const HEADER: usize = 8
const NEXT: usize = 4
const MIN_BLOCK: usize = 64
const MAX_BLOCK: usize = 1 << 29
const PAGE_BITS: usize = 16

/** Of the 1 GiB that Envoy allows a VM: the rest is for allocations that must not fail. */
const MOST_PAGES: usize = 12_288

let firstFree: usize = 0

/** Returns `size` bytes, aligned to 8, their content undefined; 0 when the host gives no more memory. */
export function allocate(size: usize): usize {
  if (size > MAX_BLOCK) return 0
  const need = blockSize(size)
  const block = takeBestFit(need)
  if (block != 0) return block + HEADER
  if (!grow(need)) return 0
  const fresh = takeBestFit(need)
  return fresh == 0 ? 0 : fresh + HEADER
}

/** Gives a block back. 0 is allowed. */
export function release(pointer: usize): void {
  if (pointer == 0) return
  insert(pointer - HEADER, load<u32>(pointer - HEADER))
}

/** Keeps the first `size` bytes of a block and gives the rest back, if that is enough for a block. */
export function shrink(pointer: usize, size: usize): void {
  const block = pointer - HEADER
  splitOff(block, load<u32>(block), blockSize(size))
}

/** Bytes of linear memory that a block takes, its header included. */
export function footprint(pointer: usize): u32 {
  return pointer == 0 ? 0 : load<u32>(pointer - HEADER)
}

/** The memory that a block of `size` bytes takes. */
export function blockSize(size: usize): usize {
  return max((size + HEADER + 7) & ~7, MIN_BLOCK)
}

function takeBestFit(need: usize): usize {
  let best: usize = 0
  let beforeBest: usize = 0
  let before: usize = 0
  for (let block = firstFree; block != 0; block = load<u32>(block, NEXT)) {
    const size: usize = load<u32>(block)
    if (size >= need && (best == 0 || size < load<u32>(best))) {
      best = block
      beforeBest = before
      if (size == need) break
    }
    before = block
  }
  if (best == 0) return 0
  link(beforeBest, load<u32>(best, NEXT))
  splitOff(best, load<u32>(best), need)
  return best
}

function splitOff(block: usize, size: usize, keep: usize): void {
  if (size < keep + MIN_BLOCK) return
  store<u32>(block, <u32>keep)
  insert(block + keep, size - keep)
}

function insert(block: usize, size: usize): void {
  let before: usize = 0
  let after = firstFree
  while (after != 0 && after < block) {
    before = after
    after = load<u32>(after, NEXT)
  }
  if (after != 0 && block + size == after) {
    size += load<u32>(after)
    after = load<u32>(after, NEXT)
  }
  if (before != 0 && before + load<u32>(before) == block) {
    store<u32>(before, load<u32>(before) + <u32>size)
    store<u32>(before, <u32>after, NEXT)
    return
  }
  store<u32>(block, <u32>size)
  store<u32>(block, <u32>after, NEXT)
  link(before, block)
}

function link(before: usize, block: usize): void {
  if (before == 0) firstFree = block
  else store<u32>(before, <u32>block, NEXT)
}

function grow(need: usize): bool {
  const end: usize = (<usize>memory.size()) << PAGE_BITS
  const missing = need - freeBytesBefore(end)
  const pages = (missing + 0xffff) >> PAGE_BITS
  if (<usize>memory.size() + pages > MOST_PAGES) return false
  if (memory.grow(<i32>pages) < 0) return false
  insert(end, pages << PAGE_BITS)
  return true
}

function freeBytesBefore(end: usize): usize {
  let last = firstFree
  if (last == 0) return 0
  while (load<u32>(last, NEXT) != 0) last = load<u32>(last, NEXT)
  const size: usize = load<u32>(last)
  return last + size == end ? size : 0
}
