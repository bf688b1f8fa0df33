import { StreamContext } from './stream-context'

/**
 * Open streams by context id: open addressing with linear probing in flat memory. A removed slot is closed by moving
 * later ones back, so the table needs no tombstones and does not wear out.
 */
const FIRST_SLOTS: u32 = 256
const SLOT: u32 = 8

let slots: usize
let mask: u32
let count: u32

export function findStream(id: u32): StreamContext | null {
  if (!slots) return null
  let slot = home(id)
  while (true) {
    const at = slots + slot * SLOT
    const stream = load<usize>(at, 4)
    if (!stream) return null
    if (load<u32>(at) == id) return changetype<StreamContext>(stream)
    slot = (slot + 1) & mask
  }
}

/** The id must not be in the table. */
export function addStream(stream: StreamContext): void {
  if (!slots) resize(FIRST_SLOTS)
  else if (count * 2 > mask) resize((mask + 1) * 2)
  insert(stream.id, changetype<usize>(stream))
  count++
}

export function removeStream(id: u32): StreamContext | null {
  const stream = findStream(id)
  if (stream == null) return null
  let hole = home(id)
  while (streamAt(hole) != stream) hole = (hole + 1) & mask

  let next = hole
  while (true) {
    next = (next + 1) & mask
    const from = slots + next * SLOT
    if (!load<usize>(from, 4)) break
    // Only an entry whose home lies outside (hole, next] may be moved into the hole.
    const distance = (next - home(load<u32>(from))) & mask
    if (distance >= ((next - hole) & mask)) {
      store<u64>(slots + hole * SLOT, load<u64>(from))
      hole = next
    }
  }
  store<u64>(slots + hole * SLOT, 0)
  count--
  return stream
}

/** The next slot from one on that holds a stream, plus one; 0 when there is none, as in a table that was never used. */
export function nextSlot(from: u32): u32 {
  for (let slot = from; slot <= mask; slot++) {
    if (load<usize>(slots + slot * SLOT, 4)) return slot + 1
  }
  return 0
}

export function streamAt(slot: u32): StreamContext {
  return changetype<StreamContext>(load<usize>(slots + slot * SLOT, 4))
}

/** A host numbers contexts one after the other: those that are open at once are spread evenly. */
function home(id: u32): u32 {
  return id & mask
}

function insert(id: u32, stream: usize): void {
  let slot = home(id)
  while (load<usize>(slots + slot * SLOT, 4)) slot = (slot + 1) & mask
  store<u32>(slots + slot * SLOT, id)
  store<usize>(slots + slot * SLOT, stream, 4)
}

function resize(size: u32): void {
  const old = slots
  const oldMask = mask
  slots = heap.alloc(size * SLOT)
  memory.fill(slots, 0, size * SLOT)
  mask = size - 1
  if (!old) return
  for (let slot: u32 = 0; slot <= oldMask; slot++) {
    const stream = load<usize>(old + slot * SLOT, 4)
    if (stream) insert(load<u32>(old + slot * SLOT), stream)
  }
  heap.free(old)
}
