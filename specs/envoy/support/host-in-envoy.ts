import { once } from 'node:events'
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Stream,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Runtime } from '#sandbox/envoy/runtime.ts'
import { startEnvoy } from '#sandbox/envoy/start-envoy.ts'
import type { ListenerOptions } from '#sandbox/envoy/listener.ts'
import type { PluginOptions } from '#sandbox/envoy/plugin-filter.ts'
import type { StartedEnvoy } from '#sandbox/envoy/started-envoy.ts'
import { LIMIT, type HostCase, type Outcome, type Received } from './host-case.ts'
import { sendHttp1 } from './scripted-http1.ts'

/** An Envoy with the scripted filter between an HTTP/2 client and an HTTP/2 upstream. */
export class ScriptedEnvoy implements AsyncDisposable {
  readonly #server: Http2Server = createServer()
  readonly #log: string[] = []
  #logged = Promise.withResolvers<void>()
  /** The line that says so. */
  #crash: string | null = null
  #envoy!: StartedEnvoy
  #case: HostCase | null = null
  #received: Received | null = null

  static async start(
    runtime: Runtime & { bindHost: string },
    file: string,
    cases: readonly HostCase[],
  ): Promise<ScriptedEnvoy> {
    const scripted = new ScriptedEnvoy()
    scripted.#server.on('stream', (stream, headers) => {
      void scripted.#serve(stream as ServerHttp2Stream, headers)
    })
    scripted.#server.listen(0, runtime.bindHost)
    await once(scripted.#server, 'listening')
    const { port } = scripted.#server.address() as AddressInfo
    const plugin = { file, options: '-', name: 'scripted', rootId: 'root' }
    scripted.#envoy = await startEnvoy({
      runtime,
      upstream: { url: `http://localhost:${port}`, http2: true },
      plugin: { ...plugin, vmId: SHARED_VM, failOpen: false },
      listeners: [
        { name: 'gateway', defaultRoute: ROUTE },
        { name: 'limited', defaultRoute: ROUTE, raw: { per_connection_buffer_limit_bytes: LIMIT } },
        ...cases.filter(hasOwnVm).map((one) => ownListener(one, plugin)),
      ],
      onLog: (line) => scripted.#hear(line),
    })
    return scripted
  }

  async play(one: HostCase): Promise<Outcome> {
    if (!one.failure) return await this.#play(one, listenerOf(one))
    const first = await this.#play(one, one.name)
    const upstream = this.#received
    const { client: next } = await this.#play({ ...one, script: [] }, one.name)
    return { log: [], upstream, client: first.client, next }
  }

  async #play(one: HostCase, listener: string): Promise<Outcome> {
    this.#case = one
    this.#received = null
    this.#log.length = 0
    if (one.limited) {
      const got = await sendHttp1(one, this.#envoy.listener(listener), (written) =>
        this.#until(() => this.#seen('request') >= written),
      )
      await this.#until(() => this.#log.includes('deleted'))
      return { log: [...this.#log], upstream: this.#received, client: got }
    }
    const session = connect(this.#envoy.listener(listener))
    session.on('error', () => {})
    const { body, trailers } = one
    const bodyless = !body && !trailers
    const stream = session.request(
      {
        ':authority': 'api.example.com',
        ':path': `/${encodeURIComponent(one.name)}`,
        ':method': bodyless ? 'GET' : 'POST',
        ...one.headers,
        'x-script': one.script.join(';'),
      },
      { endStream: bodyless, waitForTrailers: trailers !== undefined },
    )
    const client = receive(stream)
    stream.once('wantTrailers', () => stream.sendTrailers(trailers ?? {}))
    if (!bodyless) await this.#send(stream, body ?? [], 'request')
    if (one.leavesAt) {
      const line = one.leavesAt
      await this.#until(() => this.#log.includes(line))
      stream.close(constants.NGHTTP2_CANCEL)
    }
    if (!one.failure) await this.#until(() => this.#log.includes('deleted'))
    const got = await client
    session.destroy()
    return { log: [...this.#log], upstream: this.#received, client: got }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#envoy?.stop()
    this.#server.close()
  }

  #hear(line: string): void {
    if (line.includes(' Caught ')) this.#crash = line
    // What an earlier case leaves behind in a VM of its own may still log.
    const vmId = this.#case && hasOwnVm(this.#case) ? this.#case.name : SHARED_VM
    const said = line.split(` root ${vmId}: `)[1]
    if (said === undefined && this.#crash === null) return
    if (said !== undefined) this.#log.push(said)
    this.#logged.resolve()
    this.#logged = Promise.withResolvers()
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#crash !== null) throw new Error(`Envoy has crashed: ${this.#crash}`)
      await this.#logged.promise
    }
  }

  #seen(side: 'request' | 'response'): number {
    return this.#log.filter((line) => line.startsWith(`${side}_body `)).length
  }

  /** Each chunk when the filter has seen the one before; all at once where it holds them. */
  async #send(
    stream: ClientHttp2Stream | ServerHttp2Stream,
    chunks: string[],
    side: 'request' | 'response',
  ): Promise<void> {
    const step = this.#case?.holds !== side && !this.#case?.failure
    const last = chunks.length - 1
    for (const [index, chunk] of chunks.entries()) {
      if (stream.destroyed) return
      if (index === last) stream.end(chunk)
      else stream.write(chunk)
      if (step && index < last)
        await this.#until(() => this.#seen(side) > index || stream.destroyed)
    }
    if (chunks.length === 0) stream.end()
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => {})
    if (headers[':path'] === '/called') {
      if (this.#case?.callsAreReset) {
        stream.respond({ ':status': 200 })
        return void stream.write('an', () => stream.destroy(new Error('reset')))
      }
      stream.respond({ ':status': 200, 'x-answer': 'yes', 'content-length': 'answer'.length })
      return void stream.end('answer')
    }
    const received = emptyMessage(headers)
    this.#received = received
    stream.on('data', (chunk: Buffer) => (received.body += chunk.toString()))
    stream.on('trailers', (trailers: IncomingHttpHeaders) => (received.trailers = texts(trailers)))
    await new Promise((resolve) => stream.once('end', resolve).once('close', resolve))
    received.complete = !stream.aborted
    if (stream.destroyed) return
    const { status = 200, body, trailers } = this.#case?.response ?? {}
    const bodyless = !body && !trailers
    stream.respond({ ':status': status }, { endStream: bodyless, waitForTrailers: !!trailers })
    stream.once('wantTrailers', () => stream.sendTrailers(trailers ?? {}))
    if (!bodyless) await this.#send(stream, body ?? [], 'response')
  }
}

const SHARED_VM = 'vm'
const ROUTE = { timeout: '15s' }

/** What the case leaves behind in its VM is not for others: a trap, the status of a failed call. */
const hasOwnVm = ({ failure, callsAreReset }: HostCase): boolean =>
  Boolean(failure ?? callsAreReset)

function listenerOf(one: HostCase): string {
  if (hasOwnVm(one)) return one.name
  return one.limited ? 'limited' : 'gateway'
}

const ownListener = (
  { name, failure = 'FAIL_CLOSED' }: HostCase,
  plugin: Omit<PluginOptions, 'vmId'>,
): ListenerOptions => ({
  name,
  defaultRoute: ROUTE,
  plugin: {
    ...plugin,
    vmId: name,
    ...(failure === 'fail_open' ? { failOpen: true } : { failurePolicy: failure }),
  },
})

async function receive(stream: ClientHttp2Stream): Promise<Received | null> {
  const got: { message: Received | null } = { message: null }
  stream.on('error', () => {})
  stream.on('response', (headers) => (got.message = emptyMessage(headers)))
  stream.on('data', (chunk: Buffer) => got.message && (got.message.body += chunk.toString()))
  stream.on('trailers', (trailers) => got.message && (got.message.trailers = texts(trailers)))
  await closed(stream)
  if (got.message) got.message.complete = stream.rstCode === constants.NGHTTP2_NO_ERROR
  return got.message
}

const closed = (stream: ClientHttp2Stream): Promise<unknown> =>
  new Promise((resolve) => {
    if (stream.closed) resolve(null)
    else stream.once('close', resolve)
  })

const emptyMessage = (headers: IncomingHttpHeaders): Received => ({
  headers: texts(headers),
  body: '',
  trailers: {},
  complete: false,
})

const texts = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
