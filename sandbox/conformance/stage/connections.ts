import { Agent } from 'node:http'
import { connect, type ClientHttp2Session } from 'node:http2'

/** The connections of one client, kept open from call to call. */
export class Connections implements Disposable {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 16 })
  readonly #sessions = new Map<string, ClientHttp2Session>()

  /** One for each address, which all calls share. */
  http2(url: string): ClientHttp2Session {
    const known = this.#sessions.get(url)
    if (known && !known.destroyed && !known.closed) return known
    const session = connect(url)
    // Each stream identifies its call.
    session.on('error', () => {})
    this.#sessions.set(url, session)
    return session
  }

  /** Calls that come later open new ones. */
  [Symbol.dispose](): void {
    this.agent.destroy()
    for (const session of this.#sessions.values()) session.destroy()
    this.#sessions.clear()
  }
}
