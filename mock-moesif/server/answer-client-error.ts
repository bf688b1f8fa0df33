import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { clearTimeout, setTimeout } from '../model/real-timers.ts'
import { discard } from './end-response.ts'

type InFlight = Duplex & { _httpMessage?: ServerResponse | null }

/**
 * Answers what Node's HTTP parser refuses before there is a request: with a body, as every other mistake is.
 *
 * @param lingerMs how long a client may go on sending after the answer
 * @note a listener of `clientError` has the socket to itself. As Node's own answer does, this one stays away when a response has
 * begun on it. What still comes is read, away from the parser: to close with bytes unread would reset the connection.
 */
export function answerClientErrors(maxHeaderBytes: number, lingerMs: number) {
  return (error: NodeJS.ErrnoException, socket: InFlight): void => {
    const { _httpMessage: inFlight } = socket
    if (error.code === 'ECONNRESET' || !socket.writable || inFlight?.headersSent)
      return void socket.destroy()
    const [status, message] = answerTo(error, maxHeaderBytes)
    endSocket(socket, status, message, lingerMs)
  }
}

/** Answers CONNECT as any other method that is not served. @note without a listener Node closes the connection, and the client learns nothing. */
export function answerConnect(lingerMs: number) {
  return ({ method }: IncomingMessage, socket: Duplex): void => {
    socket.on('error', () => socket.destroy())
    endSocket(socket, 405, `Method ${method} is not served here`, lingerMs)
  }
}

function endSocket(socket: Duplex, status: number, message: string, lingerMs: number): void {
  const body = JSON.stringify({ error: message })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\naccess-control-allow-origin: *\r\n\r\n${body}`,
  )
  const close = () => socket.destroy()
  const timer = setTimeout(close, lingerMs).unref()
  socket.once('end', close).once('close', () => clearTimeout(timer))
  socket.removeAllListeners('data')
  discard(socket, close)
}

function answerTo({ code, message }: NodeJS.ErrnoException, maxHeaderBytes: number) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [
        431,
        `The URL and the headers are over ${maxHeaderBytes} bytes: shorten the filter or the headers`,
      ] as const
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'The request did not arrive in time'] as const
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'The chunk extensions of the body are too long'] as const
    default:
      return [400, `This is no HTTP/1.1 request: ${message}`] as const
  }
}
