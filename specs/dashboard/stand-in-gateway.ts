import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exchange } from './exchange.ts'
import { postEvents } from './scene.ts'

/** Stands for a gateway with the plugin: answers, and sends the event of what it was asked to a mock. */
export async function startGateway(mockUrl: () => string): Promise<Server & AsyncDisposable> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.statusCode = request.headers['x-tenant'] === 'blue' ? 201 : 404
      response.end('answered')
      const body = Buffer.concat(parts)
      const event = exchange({
        verb: request.method ?? '',
        uri: `http://${request.headers.host}${request.url}`,
        status: response.statusCode,
        requestHeaders: request.headers,
        ...(body.length > 0 && { requestBody: body.toString('base64'), encoding: 'base64' }),
      })
      void postEvents(mockUrl(), [event], 'shop')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(server, {
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

export const urlOf = (server: Server) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`
