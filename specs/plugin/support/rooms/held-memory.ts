/** What of linear memory is not free, for specs that look for what is not given back. */
import * as arena from '../../../../plugin/assembly/memory/arena'
import { allocate, footprint, release } from '../../../../plugin/assembly/memory/store'

/** Of AssemblyScript's allocator: before each block stands its size and, in the lowest bits, whether it, or the one before, is free. */
const HEADER: usize = 4
const FREE: usize = 1
const FLAGS: usize = 3
/** Asked for before anything else asks for pages, so that all objects of a spec lie in one piece of memory: what is taken elsewhere counts as held for ever. */
const OBJECTS: usize = 1024 * 1024

/** A letter; as a pointer it leads nowhere. */
const USED: u8 = 0x61

const objects = heap.alloc(OBJECTS)
// What is used before it is written is seen then.
memory.fill(objects, USED, OBJECTS)
heap.free(objects)

/** Bytes that were given out and not given back. What calls it between two uses of the same sees what they leave behind. */
export function heldMemory(): usize {
  const free = freeInStore() + freeBehind(objects - HEADER)
  return ((<usize>memory.size()) << 16) - free
}

/** Most of the arena's block. */
const RESULTS: usize = 64_000

/** Where letters were left. */
let letters: usize = 0

export const enum Results {
  Fit,
  /** Some did not fit into the block: of a small text that is a wrong size. */
  Overflowed,
  /** Something was written behind the last one, and the bytes that may be written there. */
  WrittenBehind,
}

/** Takes back what was handed out of the arena, and leaves letters there. */
export function takeBackResults(): Results {
  const isWrittenBehind = letters != 0 && !areLettersFrom(arena.allocate(0))
  const before = freeBehind(objects - HEADER)
  arena.reset()
  const overflowed = freeBehind(objects - HEADER) != before
  letters = arena.allocate(RESULTS)
  memory.fill(letters, USED, RESULTS)
  arena.reset()
  if (isWrittenBehind) return Results.WrittenBehind
  return overflowed ? Results.Overflowed : Results.Fit
}

function areLettersFrom(first: usize): bool {
  const end = letters + RESULTS
  if (first < letters) return true
  for (let at = first; at < end; at++) if (load<u8>(at) != USED) return false
  return true
}

function freeBehind(first: usize): usize {
  let free: usize = 0
  let at = first
  while (true) {
    const info = load<usize>(at)
    const size = info & ~FLAGS
    if (!size) return free
    if (info & FREE) free += size + HEADER
    at += HEADER + size
  }
}

/** Takes all that is free, and gives it back. */
function freeInStore(): usize {
  let free: usize = 0
  let taken: usize = 0
  // The smallest block has 56 bytes and its header.
  for (let size: usize = 56 << 14; size >= 56; size >>= 1) {
    while (true) {
      const pages = memory.size()
      const block = allocate(size)
      // Where memory may not grow, there is none.
      if (!block || memory.size() > pages) {
        release(block)
        if (size == 56) free += (<usize>(memory.size() - pages)) << 16
        break
      }
      store<usize>(block, taken)
      taken = block
      free += footprint(block)
    }
  }
  while (taken) {
    const next = load<usize>(taken)
    release(taken)
    taken = next
  }
  return free
}
