import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { createServer, type Server } from 'node:tls'
import type { Certificate } from './certificates.ts'

const HANDSHAKE_WITHIN_MS = 60_000

/** One TLS handshake as the server saw it. */
export interface Handshake {
  /** Server name indication; absent when the client sent none. */
  serverName: string | undefined
  /** Why it failed; absent when it succeeded. */
  error?: string
}

/** TLS in front of a plain server on this machine: what api.moesif.net is to its collector. */
export class TlsFront implements AsyncDisposable {
  readonly handshakes: Handshake[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #waiting: (() => void)[] = []

  private constructor(certificate: Certificate, targetPort: number) {
    const { certificate: cert, key } = certificate
    this.#server = createServer({ cert, key, ALPNProtocols: ['http/1.1'] }, (socket) => {
      this.#note({ serverName: socket.servername || undefined })
      const target = connect(targetPort, '127.0.0.1')
      socket.pipe(target).pipe(socket)
      socket.on('error', () => target.destroy())
      target.on('error', () => socket.destroy())
      socket.on('close', () => target.destroy())
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server.on('tlsClientError', (error, socket) => {
      this.#note({ serverName: socket.servername || undefined, error: error.message })
    })
  }

  static async start(
    certificate: Certificate,
    target: { port: number; host: string },
  ): Promise<TlsFront> {
    const front = new TlsFront(certificate, target.port)
    front.#server.listen(0, target.host)
    await once(front.#server, 'listening')
    return front
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The certificate of every handshake from now on. */
  present({ certificate: cert, key }: Certificate): void {
    this.#server.setSecureContext({ cert, key })
  }

  /** Waits for a handshake that meets the condition, past ones included (`from`: index of the first that counts). */
  async handshake(meets: (handshake: Handshake) => boolean, { from = 0 } = {}): Promise<Handshake> {
    const deadline = AbortSignal.timeout(HANDSHAKE_WITHIN_MS)
    for (;;) {
      const found = this.handshakes.slice(from).find(meets)
      if (found) return found
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve)
        deadline.addEventListener('abort', () =>
          reject(
            new Error(
              `No such handshake in ${HANDSHAKE_WITHIN_MS} ms: ${JSON.stringify(this.handshakes)}`,
            ),
          ),
        )
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #note(handshake: Handshake): void {
    this.handshakes.push(handshake)
    for (const resume of this.#waiting.splice(0)) resume()
  }
}
