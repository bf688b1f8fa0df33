import {
  proxy_continue_stream,
  proxy_set_effective_context,
} from '@solo-io/proxy-runtime/assembly/imports'
import { StreamType } from './constants'

/** Resumes a request that a stream holds back, from a callback of its root context. */
export function continueRequest(stream: u32, root: u32): void {
  proxy_set_effective_context(stream)
  proxy_continue_stream(StreamType.Request)
  proxy_set_effective_context(root)
}
