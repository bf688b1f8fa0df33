import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Router } from '../test-api/router.ts'
import type { Guard } from './guard.ts'
import type { HttpSource } from './http-source.ts'
import { sendReply } from './send-reply.ts'
import { serveTestApi } from './serve-test-api.ts'
import { staticFile } from './static-files.ts'

/** Sends each request to its room: the test API, the page, or the collector, which takes everything else. */
export function createListener(guard: Guard, router: Router, source: HttpSource): RequestListener {
  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '/').replace(/[?#].*$/s, '')
    if (path === '/_mock' || path.startsWith('/_mock/')) {
      if (!refuse(incoming, outgoing)) await serveTestApi(router, incoming, outgoing)
      return
    }
    if (isPage(incoming, path)) {
      if (refuse(incoming, outgoing)) return
      const file = await staticFile(path)
      if (file) return sendReply(outgoing, file)
    }
    await source.serve(incoming, outgoing)
  }

  function refuse(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const reason = guard(incoming)
    if (reason !== undefined) sendReply(outgoing, { status: 403, json: { error: reason } })
    return reason !== undefined
  }

  return (incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  }
}

/** Serves the collector only: neither the test API nor the page. */
export function createCollectorListener(source: HttpSource): RequestListener {
  return (incoming, outgoing) => {
    source.serve(incoming, outgoing).catch(() => outgoing.destroy())
  }
}

/** The page's files have an ending or stand at the root; no path of the collector does. */
function isPage({ method }: IncomingMessage, path: string): boolean {
  return (method === 'GET' || method === 'HEAD') && (path === '/' || /\.\w+$/.test(path))
}
