import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { KEPT_BYTES } from '../collector/arrival.ts'
import { tooLarge } from '../collector/decode-body.ts'
import { ClientDisconnected } from '../collector/http-error.ts'
import type { BodyStart } from '../model/arrival.ts'

/** Methods that `new Request` refuses by the fetch standard. */
const UNFETCHABLE = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** Memory reserved first for a body without a length; then twice as much. */
const UNANNOUNCED_STEP = 64 * 1024

/** One per connection: a kept-alive connection carries many requests, and each would leave a listener on it. */
const signals = new WeakMap<Socket, AbortSignal>()

function signalOf(socket: Socket): AbortSignal {
  const known = signals.get(socket)
  if (known) return known
  const abort = new AbortController()
  if (socket.destroyed) abort.abort()
  else socket.once('close', () => abort.abort())
  signals.set(socket, abort.signal)
  return abort.signal
}

/**
 * A fetch `Request` over a socket, whose body is read once, when asked for, within a limit.
 * @note MSW clones each request, and a clone of a plain one tees its body: a 200 MB post would be kept twice. This clones to itself.
 */
export class ServedRequest extends Request {
  readonly plainHeaders: Record<string, string>
  /** Set by a fault: break the connection in the middle of the answer, or never answer. */
  breakOff: 'half-response' | 'no-response' | undefined
  readonly #incoming: IncomingMessage
  #bytesPerSecond = 0
  #read: Promise<Uint8Array> | undefined
  /** What was read, or its start where the rest was refused or never came, and how long it was. */
  #had: Uint8Array = new Uint8Array()
  #size = 0

  static canCarry(incoming: IncomingMessage): boolean {
    return !UNFETCHABLE.has(incoming.method ?? '')
  }

  constructor(incoming: IncomingMessage) {
    const headers: Record<string, string> = {}
    for (const name in incoming.headers) headers[name] = String(incoming.headers[name])
    super(urlOf(incoming), { method: incoming.method ?? 'GET', headers })
    this.plainHeaders = headers
    this.#incoming = incoming
  }

  get hasBody(): boolean {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.plainHeaders
    return Number(length ?? 0) > 0 || encoding !== undefined
  }

  override clone(): ServedRequest {
    return this
  }

  /** Aborted when the connection is closed. */
  override get signal(): AbortSignal {
    return signalOf(this.#incoming.socket)
  }

  /** Limits the rate of reading, in bytes per second. */
  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond
  }

  /** The body as sent. Refused (413) beyond the limit, the rest unread. */
  read(limit: number, hold = async (_bytes: number): Promise<void> => {}): Promise<Uint8Array> {
    return (this.#read ??= this.#readAll(limit, hold))
  }

  async #readAll(limit: number, hold: (bytes: number) => Promise<void>): Promise<Uint8Array> {
    const announced = Number(this.plainHeaders['content-length'] ?? 0)
    if (announced > limit) throw tooLarge(limit)
    let held = Math.max(announced, UNANNOUNCED_STEP)
    await hold(held)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of this.#incoming.iterator({ destroyOnReturn: false })) {
        chunks.push(chunk as Buffer)
        this.#size += (chunk as Buffer).byteLength
        if (this.#size > limit) throw tooLarge(limit)
        if (this.#size > held) await hold((held = Math.min(limit, held * 2)))
        if (this.#bytesPerSecond > 0)
          await delay(((chunk as Buffer).byteLength / this.#bytesPerSecond) * 1000, undefined, {
            signal: this.signal,
          })
      }
    } catch (error) {
      this.#had = Buffer.concat(chunks, Math.min(this.#size, KEPT_BYTES))
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || this.#incoming.socket.destroyed)
        throw new ClientDisconnected('The client disconnected before its body was complete')
      throw error
    }
    return (this.#had = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.#size))
  }

  bodyStart(): BodyStart | Promise<BodyStart> {
    const incoming = this.#incoming
    const chunks = [this.#had]
    let size = this.#size
    const take = (chunk: Buffer) => {
      if (size <= KEPT_BYTES) chunks.push(chunk)
      size += chunk.byteLength
    }
    const start = (): BodyStart => ({
      bytes: Buffer.concat(chunks, Math.min(size, KEPT_BYTES)),
      isWhole: incoming.complete && size <= KEPT_BYTES,
    })
    for (let chunk = incoming.read(); chunk !== null; chunk = incoming.read()) take(chunk as Buffer)
    if (incoming.complete || incoming.destroyed || size > KEPT_BYTES) return start()
    return new Promise((resolve) => {
      const end = () => {
        incoming.off('data', more).off('end', end).off('close', end)
        resolve(start())
      }
      const more = (chunk: Buffer) => {
        take(chunk)
        if (size > KEPT_BYTES) end()
      }
      incoming.on('data', more).on('end', end).on('close', end)
    })
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.read(Infinity)
    return new Uint8Array(bytes).buffer
  }

  override async text(): Promise<string> {
    return Buffer.from(await this.read(Infinity)).toString()
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text()) as unknown
  }
}

/** Any Host is welcome (a gateway sends its cluster's), even one that no URL can hold: the handlers look at the path only. */
function urlOf(incoming: IncomingMessage): string {
  const target = incoming.url ?? '/'
  const path = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, '')
  return `http://moesif.mock${path.startsWith('/') ? path : '/'}`
}
