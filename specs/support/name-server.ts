import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

const HEADER_BYTES = 12
const NO_SUCH_NAME = 3
const TYPE_A = 1
const CLASS_IN = 1

/** A name server that knows nothing but what it is told: IPv4 addresses by name. */
export class NameServer implements AsyncDisposable {
  readonly #socket: Socket
  readonly #addresses = new Map<string, string>()
  /** Questions so far, by name. */
  readonly asked = new Map<string, number>()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (query, from) => socket.send(this.#answer(query), from.port, from.address))
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

  #answer(query: Buffer): Buffer {
    const { name, end } = readName(query)
    const type = query.readUInt16BE(end)
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1)
    const question = query.subarray(HEADER_BYTES, end + 4)
    const address = this.#addresses.get(name)
    const records = address && type === TYPE_A ? [addressRecord(address)] : []
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt16BE(query.readUInt16BE(0), 0)
    header.writeUInt16BE(0x8180 | (address ? 0 : NO_SUCH_NAME), 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(records.length, 6)
    return Buffer.concat([header, question, ...records])
  }
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** An answer about the name of the question (a pointer to it), valid for a second. */
function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16)
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0)
  record.writeUInt16BE(TYPE_A, 2)
  record.writeUInt16BE(CLASS_IN, 4)
  record.writeUInt32BE(1, 6)
  record.writeUInt16BE(4, 10)
  record.set(address.split('.').map(Number), 12)
  return record
}
