import { withQuery } from '#mock-moesif/client/call.ts'
import { STREAM_MESSAGE_NAMES, type StreamMessages } from '#mock-moesif/client/index.ts'

export type StreamMessage = {
  [Name in keyof StreamMessages]: { name: Name; data: StreamMessages[Name] }
}[keyof StreamMessages]

export interface StreamListener {
  onMessage(message: StreamMessage): void
  onOpen(): void
  onLost(): void
}

/** Batches and requests that are shown at once; the rest comes as it arrives. */
const newest = 500
const retryMs = 1000
/** The mock sends a heartbeat every 15 s: after two that did not come the connection is dead, whatever the browser believes. */
const silenceMs = 30_000

/**
 * The mock's stream of what arrives. Whenever the connection ends it resumes after the last row it received. An `EventSource` alone
 * gives up when something else answers while the mock restarts, and never notices a silent connection.
 */
export class LiveStream implements Disposable {
  readonly #listener: StreamListener
  #source: EventSource | undefined
  #lastId = ''
  #silence: ReturnType<typeof setTimeout> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(listener: StreamListener) {
    this.#listener = listener
  }

  open(): void {
    const query = { after: this.#lastId || undefined, newest }
    const source = (this.#source = new EventSource(withQuery('/_mock/events/stream', query)))
    this.#awaitMessage()
    source.addEventListener('open', () => {
      this.#awaitMessage()
      this.#listener.onOpen()
    })
    source.addEventListener('error', () => this.#reconnect())
    for (const name of STREAM_MESSAGE_NAMES) {
      source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        this.#awaitMessage()
        if (lastEventId !== '') this.#lastId = lastEventId
        this.#listener.onMessage({ name, data: JSON.parse(data) } as StreamMessage)
      })
    }
  }

  #awaitMessage(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#reconnect(), silenceMs)
  }

  #reconnect(): void {
    this[Symbol.dispose]()
    this.#listener.onLost()
    this.#retry = setTimeout(() => this.open(), retryMs)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#silence)
    clearTimeout(this.#retry)
    this.#source?.close()
  }
}
