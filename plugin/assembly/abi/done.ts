import { proxy_done } from '@solo-io/proxy-runtime/assembly/imports'

/** Ends the wait of a root context whose on_done answered false. */
export function proxyDone(): void {
  proxy_done()
}
