import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { decode, encode, type Packet } from 'dns-packet'

const NO_SUCH_NAME = 3

/** A name server that answers with the IPv4 addresses that it is given by name, valid for a second. */
export class NameServer implements AsyncDisposable {
  readonly #socket: Socket
  readonly #addresses = new Map<string, string>()
  /** Questions so far, by name. */
  readonly asked = new Map<string, number>()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (query, from) => {
      socket.send(encode(this.#answer(decode(query))), from.port, from.address)
    })
  }

  static async start(host: string): Promise<NameServer> {
    const socket = createSocket('udp4')
    socket.bind(0, host)
    await once(socket, 'listening')
    return new NameServer(socket)
  }

  get port(): number {
    return (this.#socket.address() as AddressInfo).port
  }

  learn(name: string, address: string): void {
    this.#addresses.set(name, address)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }

  #answer({ id = 0, questions = [] }: Packet): Packet {
    const [question] = questions
    const name = question?.name.toLowerCase() ?? ''
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1)
    const address = this.#addresses.get(name)
    return {
      type: 'response',
      id,
      flags: address === undefined ? NO_SUCH_NAME : 0,
      questions,
      answers:
        address !== undefined && question?.type === 'A'
          ? [{ type: 'A', name: question.name, ttl: 1, data: address }]
          : [],
    }
  }
}
