import { PADDING } from './span'

/**
 * Memory for what the host returns. The host calls `malloc` only inside a host call the plugin makes, and copies
 * before it returns, so results can share one block that is taken back when the next callback starts: no collector,
 * no pinning. What must outlive its callback has to be copied.
 */
const BLOCK: usize = 64 * 1024

let block: usize
let top: usize
let end: usize

/** Results that did not fit into the block, linked through their first word, freed with the callback. */
let overflow: usize

let placed: usize
let placedRoom: usize

export function allocate(size: usize): usize {
  if (placed && size <= placedRoom) {
    const at = placed
    placed = 0
    return at
  }
  if (!block) {
    block = heap.alloc(BLOCK)
    top = block
    end = block + BLOCK
  }
  const room = (size + PADDING + 15) & ~15
  // Unsigned: a size near 4 GiB wraps and must not look small. The allocator refuses it.
  if (room >= size && room <= end - top) {
    const at = top
    top += room
    return at
  }
  const extra = heap.alloc(max(size, size + PADDING * 2))
  store<usize>(extra, overflow)
  overflow = extra
  return extra + PADDING
}

/** The next result, if it is no longer than `room`, is wanted at `at`: a chunk of a body lands where it is kept. */
export function placeNext(at: usize, room: usize): void {
  placed = at
  placedRoom = room
}

/** Cancels `placeNext`, if there was no result, or one that was longer. */
export function placeAnywhere(): void {
  placed = 0
}

/** Takes back everything handed out since the last call. Callbacks start with it. */
export function reset(): void {
  top = block
  while (overflow) {
    const next = load<usize>(overflow)
    heap.free(overflow)
    overflow = next
  }
}
