import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy between the page and its mock: it can break connections, refuse new ones, and let them go silent. */
export class UnreliableNetwork implements AsyncDisposable {
  readonly #server: Server
  readonly #connections = new Set<Socket>()
  #refusing = false
  #silent = false

  private constructor(target: number) {
    this.#server = createServer((page) => {
      if (this.#refusing) return void page.destroy()
      const mock = connect(target, '127.0.0.1')
      for (const [from, to] of [
        [page, mock],
        [mock, page],
      ] as const) {
        this.#connections.add(from)
        from.on('error', () => to.destroy())
        from.on('close', () => {
          this.#connections.delete(from)
          to.destroy()
        })
        from.on('data', (chunk) => {
          if (!this.#silent) to.write(chunk)
        })
      }
    })
  }

  static async to(port: number): Promise<UnreliableNetwork> {
    const network = new UnreliableNetwork(port)
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve))
    return network
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Breaks all connections and refuses new ones until it is restored. */
  cut(): void {
    this.#refusing = true
    for (const socket of this.#connections) socket.resetAndDestroy()
  }

  /** Keeps connections open, and lets nothing through until it is restored. */
  silence(): void {
    this.#silent = true
  }

  restore(): void {
    this.#refusing = false
    this.#silent = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
