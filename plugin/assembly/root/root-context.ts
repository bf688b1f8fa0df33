import { Options } from '../config/options'
import { Delivery } from '../delivery/delivery'

/**
 * One root context: a configuration and what was captured under it. Two filters with one `vm_id` share a VM, so
 * nothing of this is global.
 */
@unmanaged
export class RootContext {
  next: RootContext | null = null
  /** Null while capturing is off. */
  options: Options | null = null
  delivery: Delivery | null = null
  /** Streams that still point here: the host may delete a root before the last of them. */
  streams: u32 = 0
  deleted: bool = false

  constructor(public id: u32) {}
}
