/**
 * Memory of the batches: best fit over one free list, grown by the page.
 *
 * AssemblyScript's own allocator has two drawbacks: it doubles the linear memory when it runs out (which never
 * shrinks again), and it traps when the host refuses to grow it. This one grows by what is missing, and returns 0 when refused.
 */

/** Stands before each block. */
@unmanaged
class Block {
  /** Bytes, this included. */
  size: u32
  /** While it is free: the next free block by address. */
  next: usize
}

const HEADER: usize = offsetof<Block>()
const MIN_BLOCK: usize = 64
const PAGE_BITS: usize = 16

/** Of the 1 GiB that Envoy allows a VM: the rest is for allocations that must not fail. */
const MOST_BYTES: usize = 768 * 1024 * 1024
const MOST_PAGES: usize = MOST_BYTES >> PAGE_BITS

let firstFree: usize = 0

/** Returns `size` bytes, aligned to 8, their content undefined; 0 when the host gives no more memory. */
export function allocate(size: usize): usize {
  if (size > MOST_BYTES) return 0
  const need = blockSize(size)
  const block = takeBestFit(need)
  if (block != 0) return block + HEADER
  return grow(need) ? takeBestFit(need) + HEADER : 0
}

/** Gives a block back. 0 is allowed. */
export function release(pointer: usize): void {
  if (pointer == 0) return
  insert(pointer - HEADER, blockAt(pointer - HEADER).size)
}

/** Keeps the first `size` bytes of a block and gives the rest back, if that is enough for a block. */
export function shrink(pointer: usize, size: usize): void {
  const block = pointer - HEADER
  splitOff(block, blockAt(block).size, blockSize(size))
}

/** Bytes of linear memory that a block takes, its header included. */
export function footprint(pointer: usize): u32 {
  return pointer == 0 ? 0 : blockAt(pointer - HEADER).size
}

/** The memory that a block of `size` bytes takes. */
export function blockSize(size: usize): usize {
  return max((size + HEADER + 7) & ~7, MIN_BLOCK)
}

function blockAt(address: usize): Block {
  return changetype<Block>(address)
}

function takeBestFit(need: usize): usize {
  let best: usize = 0
  let beforeBest: usize = 0
  let before: usize = 0
  for (let block = firstFree; block != 0; block = blockAt(block).next) {
    const size: usize = blockAt(block).size
    if (size >= need && (best == 0 || size < blockAt(best).size)) {
      best = block
      beforeBest = before
      if (size == need) break
    }
    before = block
  }
  if (best == 0) return 0
  link(beforeBest, blockAt(best).next)
  splitOff(best, blockAt(best).size, need)
  return best
}

function splitOff(block: usize, size: usize, keep: usize): void {
  if (size < keep + MIN_BLOCK) return
  blockAt(block).size = <u32>keep
  insert(block + keep, size - keep)
}

function insert(block: usize, size: usize): void {
  let before: usize = 0
  let after = firstFree
  while (after != 0 && after < block) {
    before = after
    after = blockAt(after).next
  }
  if (block + size == after) {
    size += blockAt(after).size
    after = blockAt(after).next
  }
  if (before != 0 && before + blockAt(before).size == block) {
    blockAt(before).size += <u32>size
    blockAt(before).next = after
    return
  }
  blockAt(block).size = <u32>size
  blockAt(block).next = after
  link(before, block)
}

function link(before: usize, block: usize): void {
  if (before == 0) firstFree = block
  else blockAt(before).next = block
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
  while (blockAt(last).next != 0) last = blockAt(last).next
  const size: usize = blockAt(last).size
  return last + size == end ? size : 0
}
