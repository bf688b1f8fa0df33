import { EXCHANGE_SIZE, Exchange } from '../capture/exchange'
import { Decision } from '../decision/decision'
import { PADDING, clear } from '../memory/span'
import { RootContext } from './root-context'

/** One stream: which root context it belongs to, and its exchange and decision, which lie behind it in the same block. */
@unmanaged
export class StreamContext {
  id: u32
  root: RootContext

  get exchange(): Exchange {
    return changetype<Exchange>(changetype<usize>(this) + EXCHANGE)
  }

  get decision(): Decision {
    return changetype<Decision>(changetype<usize>(this) + DECISION)
  }

  free(): void {
    this.exchange.release()
    this.decision.release()
    // Free blocks are reused as they are: faster than the heap, and bounded by the most streams that were open at a time.
    store<usize>(changetype<usize>(this), spare)
    spare = changetype<usize>(this)
  }
}

const EXCHANGE: usize = offsetof<StreamContext>()
const DECISION: usize = EXCHANGE + EXCHANGE_SIZE
const SIZE: usize = DECISION + offsetof<Decision>()

/** Blocks of streams that are over, linked through their first word. */
let spare: usize

export function openStream(id: u32, root: RootContext): StreamContext {
  let block = spare
  if (block) spare = load<usize>(block)
  else block = heap.alloc(SIZE + PADDING)
  clear(block, SIZE)
  const stream = changetype<StreamContext>(block)
  stream.id = id
  stream.root = root
  return stream
}
