import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { discard } from '#mock-moesif/server/end-response.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

const PIECE = Buffer.alloc(256 * 1024, 0x20)
/** Of one body, which is more than actions may have; a quarter of it is more than the socket buffers of both sides hold. */
const PIECES = 64
const LENGTH = `content-length: ${PIECES * PIECE.byteLength}`
const APP = 'x-moesif-application-id: slow'
const JSON_TYPE = 'content-type: application/json'

const head = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n')

/** A client that is sending a body, and stays until the other side closes or the test is over. */
class SlowUploader {
  readonly #socket: Socket
  #received = ''

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.#socket.on('data', (bytes: Buffer) => (this.#received += bytes.toString()))
    this.#socket.on('error', () => {})
    onTestFinished(() => void this.#socket.destroy())
  }

  /** Rejects when the connection was reset. */
  async write(bytes: string | Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()))
    await promise
  }

  /** The next answer, whole. */
  async answer(): Promise<string> {
    let whole: RegExpExecArray | null
    while (
      !(whole = /^(HTTP.*?\r\n\r\n)(.*)$/s.exec(this.#received)) ||
      !isWhole(whole[1]!, whole[2]!)
    )
      await once(this.#socket, 'data')
    this.#received = ''
    return whole[0]
  }

  /** Goes on sending until that fails. */
  async writeUntilClosed(): Promise<void> {
    const writing = async () => {
      for (;;) {
        await this.write(' ')
        // A write that the kernel takes at once lets nothing else run.
        await setImmediate()
      }
    }
    await expect(writing()).rejects.toThrow()
  }
}

function isWhole(answerHead: string, body: string): boolean {
  const length = /content-length: (\d+)/i.exec(answerHead)?.[1]
  return length === undefined ? body.endsWith('0\r\n\r\n') : body.length === Number(length)
}

test.each([
  ['no application id', 401, head('POST /v1/events', JSON_TYPE, LENGTH)],
  ['an unknown path', 404, head('POST /v1/nothing', APP, JSON_TYPE, LENGTH)],
  ['a wrong method', 405, head('PUT /v1/events', APP, JSON_TYPE, LENGTH)],
  ['a method that fetch does not know', 405, head('TRACE /v1/events', APP, LENGTH)],
  ['a tunnel', 405, head('CONNECT api.moesif.net:443')],
  ['a wrong type', 406, head('POST /v1/events', APP, LENGTH)],
  ['a body announced as too large', 413, head('POST /v1/actions', APP, JSON_TYPE, LENGTH)],
  [
    'an unknown encoding',
    415,
    head('POST /v1/events', APP, JSON_TYPE, 'content-encoding: zstd', LENGTH),
  ],
  ['headers beyond the limit', 431, `${head('GET /').slice(0, -2)}x: ${'x'.repeat(70_000)}`],
  ['what is no HTTP', 400, 'hello\r\n\r\n'],
  ['a foreign origin', 403, head('POST /_mock/events/import', 'origin: http://elsewhere', LENGTH)],
  ['an unknown call', 404, head('POST /_mock/nothing', LENGTH)],
  ['a call with a wrong method', 405, head('PUT /_mock/events', LENGTH)],
  [
    'an import announced as too large',
    413,
    head('POST /_mock/events/import', 'content-length: 999999999'),
  ],
])(
  'answers %s before the body has come, and lets its client go on sending',
  async (_, status, start) => {
    const client = new SlowUploader(moesif.port)
    await client.write(start)

    expect(await client.answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*"error":"`, 's'))
    for (let piece = 0; piece < PIECES / 4; piece++) await client.write(PIECE)
  },
)

test('takes another request after a body that nobody wanted', async () => {
  const client = new SlowUploader(moesif.port)
  await client.write(head('POST /v1/events', JSON_TYPE, LENGTH))
  await client.answer()
  for (let piece = 0; piece < PIECES; piece++) await client.write(PIECE)
  await client.write(head('GET /health/probe'))

  expect(await client.answer()).toMatch(/^HTTP\/1\.1 200 /)
})

test('closes when a client has not sent all in time after an early answer', async () => {
  await using impatient = await startMockMoesif({ requestTimeoutMs: 100 })
  for (const start of [head('POST /v1/events', JSON_TYPE, LENGTH), 'hello\r\n\r\n']) {
    const client = new SlowUploader(impatient.port)
    await client.write(start)
    await client.answer()
    await client.writeUntilClosed()
  }
})

test('closes when a client goes on and on', () => {
  const endless = new PassThrough()
  let closed = false
  discard(endless, () => (closed = true))
  const piece = Buffer.alloc(64 * 1024 * 1024)
  for (let count = 0; count < 4; count++) endless.emit('data', piece)
  expect(closed).toBe(false)
  endless.emit('data', piece)
  expect(closed).toBe(true)
})
