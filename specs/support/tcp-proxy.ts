import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** A TCP proxy in front of a server. Closed, nothing listens there; opened again, it has the same address. */
export class TcpProxy implements AsyncDisposable {
  readonly #target: number
  readonly #host: string
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null
  #port = 0

  private constructor(target: number, host: string) {
    this.#target = target
    this.#host = host
  }

  /** @param target port of the server, which listens on the same `host` */
  static async start(target: number, host: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, host)
    await proxy.listen()
    return proxy
  }

  get url(): string {
    return `http://${this.#host}:${this.#port}`
  }

  async listen(): Promise<void> {
    const server = createServer((outside) => this.#join(outside))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, this.#host, resolve)
    })
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  /** Refuses connections, and breaks those there are. */
  async close(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #join(outside: Socket): void {
    const inside = connect(this.#target, this.#host)
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }
}
