import type { SendOptions } from './call.ts'
import type { Answer, Exchange } from './exchange.ts'
import { sendHttp1 } from './http1-client.ts'
import { sendHttp2 } from './http2-client.ts'
import { openWebSocket } from './websocket-client.ts'

const CLIENTS = { 'HTTP/1.1': sendHttp1, 'HTTP/2': sendHttp2, WebSocket: openWebSocket } as const

/** Makes one call. Resolves whatever happens, at the latest after `timeoutMs`. */
export async function send(url: string, exchange: Exchange, options: SendOptions): Promise<Answer> {
  return await CLIENTS[exchange.request?.over ?? 'HTTP/1.1'](url, exchange, options)
}
