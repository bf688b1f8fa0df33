import { connect as connectHttp2, constants } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { HeaderMap } from '#sandbox/emulator/index.ts'
import { chunksOf, completed, type DifferentialCase } from './differential-case.ts'
import { http1Message } from './http1-message.ts'

/** Sends the request of a case. What is returned ends the connection. */
export async function sendRequest(
  one: DifferentialCase,
  url: string,
  reachedUpstream: Promise<void>,
): Promise<() => void> {
  if (one.over === 'http2' || one.over === 'grpc') return sendHttp2(one, url)
  return sendHttp1(one, url, reachedUpstream)
}

async function sendHttp1(
  one: DifferentialCase,
  url: string,
  reachedUpstream: Promise<void>,
): Promise<() => void> {
  const { request = {} } = completed(one)
  const socket = await connected(url)
  const host = request.authority ?? 'api.example.com'
  const parts = http1Message(
    `${request.method ?? 'GET'} ${request.path ?? '/'} HTTP/1.1`,
    [...(host === '' ? [] : [['host', host] as const]), ...HeaderMap.from(request.headers ?? [])],
    request,
  )
  if (one.over === 'websocket') {
    socket.write(parts[0] ?? '')
    await nextData(socket)
    for (const frame of parts.slice(1)) socket.write(frame)
    await nextData(socket)
    socket.destroy()
    return () => {}
  }
  for (const part of parts) socket.write(part)
  if (one.broken === 'by client before response') {
    await reachedUpstream
    socket.destroy()
  }
  if (one.broken === 'by client') {
    await nextData(socket)
    socket.destroy()
  }
  socket.resume()
  return () => socket.destroy()
}

async function sendHttp2(one: DifferentialCase, url: string): Promise<() => void> {
  const { request = {} } = completed(one)
  const session = connectHttp2(url)
  session.on('error', () => {})
  const endStream = request.body === undefined && !request.trailers
  const stream = session.request(
    {
      ':authority': request.authority ?? 'api.example.com',
      ':path': request.path ?? '/',
      ':method': request.method ?? 'GET',
      ':scheme': request.scheme ?? 'http',
      ...HeaderMap.from(request.headers ?? []).toObject(),
    },
    { endStream, waitForTrailers: request.trailers !== undefined },
  )
  stream.on('error', () => {})
  stream.once('wantTrailers', () => {
    stream.sendTrailers(HeaderMap.from(request.trailers ?? []).toObject())
  })
  if (!endStream) {
    for (const chunk of chunksOf(request.body)) stream.write(chunk)
    stream.end()
  }
  stream.resume()
  if (one.broken === 'by client') {
    stream.once('data', () => stream.close(constants.NGHTTP2_CANCEL))
  }
  return () => session.destroy()
}

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject)
  })
  return socket
}

function nextData(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('data', resolve).once('close', resolve)
  })
}
