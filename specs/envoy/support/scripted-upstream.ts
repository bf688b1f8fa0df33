import { createServer as createHttp1Server, STATUS_CODES, type IncomingMessage } from 'node:http'
import {
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { HeaderMap } from '#sandbox/emulator/index.ts'
import { CASE_HEADER, completed, chunksOf, type DifferentialCase } from './differential-case.ts'
import { http1Message } from './http1-message.ts'

/** Answers each request with the response that its case scripts. */
export class ScriptedUpstream implements AsyncDisposable {
  readonly #cases: Map<string, DifferentialCase>
  readonly #http1: Server
  readonly #http2: Server
  readonly #sockets = new Set<Socket>()
  readonly #reached = new Map<string, PromiseWithResolvers<void>>()

  private constructor(cases: readonly DifferentialCase[]) {
    this.#cases = new Map(cases.map((one) => [one.name, one]))
    const http1 = createHttp1Server((request) => void this.#answerHttp1(request))
    http1.on('upgrade', (request: IncomingMessage, socket: Duplex) =>
      this.#upgrade(request, socket),
    )
    http1.on('checkContinue', (request: IncomingMessage) => void this.#answerHttp1(request))
    this.#http1 = http1
    const http2 = createHttp2Server()
    http2.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
      this.#answerHttp2(stream, headers),
    )
    this.#http2 = http2
  }

  static async start(cases: readonly DifferentialCase[], host: string): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream(cases)
    for (const server of [upstream.#http1, upstream.#http2]) {
      server.on('connection', (socket: Socket) => {
        upstream.#sockets.add(socket)
        socket.once('close', () => upstream.#sockets.delete(socket))
      })
      await new Promise<void>((resolve) => server.listen(0, host, resolve))
    }
    return upstream
  }

  get http1Url(): string {
    return urlOf(this.#http1)
  }

  get http2Url(): string {
    return urlOf(this.#http2)
  }

  /** Resolves when the request of a case has got here. */
  reached(name: string): Promise<void> {
    return this.#signal(name).promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    for (const server of [this.#http1, this.#http2]) {
      await new Promise((resolve) => {
        server.close(resolve)
      })
    }
  }

  async #answerHttp1(request: IncomingMessage): Promise<void> {
    const found = this.#caseOf(request.headers)
    const { socket } = request
    socket.on('error', () => socket.destroy())
    request.on('error', () => {})
    if (!found) return void socket.destroy()
    request.resume()
    if (found.script.request?.unfinished) this.#signal(found.name).resolve()
    await new Promise((resolve) => {
      request.once('close', resolve).once('end', resolve)
      if (found.script.request?.unfinished && found.script.response !== null) resolve(null)
    })
    this.#signal(found.name).resolve()
    if (found.broken === 'by upstream before response') return void socket.destroy()
    const { response } = completed(found)
    if (!response || response.localReply) return
    await pause(found.script.durationMs ?? 0)
    const status = response.status ?? 200
    const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Other'}`
    for (const part of http1Message(line, response.headers ?? [], response)) socket.write(part)
    if (found.broken === 'by client') return
    socket.end()
  }

  #upgrade(request: IncomingMessage, socket: Duplex): void {
    const found = this.#caseOf(request.headers)
    if (!found) return void socket.destroy()
    socket.on('error', () => socket.destroy())
    const { response } = completed(found)
    const [head, ...frames] = http1Message(
      'HTTP/1.1 101 Switching Protocols',
      response?.headers ?? [],
      response ?? {},
    )
    socket.write(head ?? '')
    socket.once('data', () => {
      for (const frame of frames) socket.write(frame)
    })
  }

  #answerHttp2(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const found = this.#caseOf(headers)
    stream.on('error', () => {})
    if (!found) return void stream.destroy()
    const { response } = completed(found)
    if (!response) return
    const answer = () => {
      const map = HeaderMap.from(response.headers ?? []).toObject()
      const endStream = response.body === undefined && !response.trailers
      stream.respond(
        { ':status': response.status ?? 200, ...map },
        { endStream, waitForTrailers: response.trailers !== undefined },
      )
      if (endStream) return
      stream.once('wantTrailers', () => {
        stream.sendTrailers(HeaderMap.from(response.trailers ?? []).toObject())
      })
      for (const chunk of chunksOf(response.body)) stream.write(chunk)
      if (!response.unfinished) stream.end()
    }
    stream.once('end', answer).resume()
  }

  #caseOf(headers: IncomingHttpHeaders): DifferentialCase | undefined {
    return this.#cases.get(String(headers[CASE_HEADER]))
  }

  #signal(name: string): PromiseWithResolvers<void> {
    let signal = this.#reached.get(name)
    if (!signal) this.#reached.set(name, (signal = Promise.withResolvers<void>()))
    return signal
  }
}

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`
