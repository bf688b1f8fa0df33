import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { MockMoesifClient } from '#mock-moesif/index.ts'
import { post, sampleEvent, send } from './sample.ts'

/** Of a mock that may hold 32 MB of bodies. */
const MOST_MEGABYTES = 700
/** Of CPU time: some 130 on a machine that does nothing else, twice as much where cores and caches are shared. */
const MOST_TURN_MS = 500
const MEGABYTE = 1024 * 1024

/** A mock in a process of its own, whose heap and whose store are small, and which reports the longest turn of its event loop. */
async function startProcess() {
  const cli = fileURLToPath(new URL('../../sandbox/mock/cli.ts', import.meta.url))
  const longestTurn = new URL('longest-turn.ts', import.meta.url).href
  const node = ['--max-old-space-size=256', '--import', longestTurn]
  const mock = spawn(process.execPath, [...node, cli, '--port', '0', '--max-bytes', '33554432'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(async () => {
    mock.kill('SIGKILL')
    await once(mock, 'exit')
  })
  const [line] = (await once(mock.stdout!, 'data')) as [Buffer]
  return {
    url: /http:\S+/.exec(line.toString())![0],
    pid: mock.pid!,
    /** Milliseconds of CPU time that the longest turn since the last call took. */
    async longestTurn(): Promise<number> {
      mock.send('longest turn')
      const [longest] = (await once(mock, 'message')) as [number]
      return longest
    },
  }
}

/** Asks for the mock's health, again and again, until it is stopped. */
function probe(url: string): () => Promise<void> {
  const stop = new AbortController()
  const probing = (async () => {
    while (!stop.signal.aborted) {
      const { status } = await fetch(`${url}/health/probe`)
      if (status !== 200) throw new Error(`The health probe answered ${status}`)
      await delay(10)
    }
  })()
  probing.catch(() => {})
  return async () => {
    stop.abort()
    await probing
  }
}

const statusesOf = async (posts: Promise<Response>[]) =>
  new Set((await Promise.all(posts)).map(({ status }) => status))

test('stays small and lets everybody have a turn, whatever comes at once', async () => {
  const { url, pid, longestTurn } = await startProcess()
  const moesif = new MockMoesifClient(url)
  await longestTurn()
  const stopProbe = probe(url)

  // Awaits that look into bodies, of clients that wait and of clients that hang up, over some held events.
  const held = Array.from({ length: 1000 }, () => sampleEvent())
  for (let turn = 0; turn < 5; turn++) await send(url, held, 'held')
  const hungUp = new AbortController()
  const waiting = Array.from({ length: 20 }, (_, index) =>
    fetch(`${url}/_mock/events/await?app=held&filter=body:absent&count=1&timeout=8000`, {
      signal: index % 2 ? hungUp.signal : null,
    }).then(
      ({ status }) => status,
      () => 0,
    ),
  )
  await moesif.counts()
  hungUp.abort()
  // Readers of the stream that do not read, and faults, each hit of which is sent to them.
  for (let reader = 0; reader < 50; reader++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    onTestFinished(() => void socket.destroy())
    socket.write('GET /_mock/events/stream HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.pause()
  }
  for (let count = 0; count < 300; count++)
    await moesif.application('faulty').faults.add({ route: `/v1/${'x'.repeat(200)}`, delayMs: 1 })
  await moesif.application('faulty').faults.add({ status: 503 })
  // Bodies that inflate a thousandfold, and bodies of more values than their size suggests.
  const bomb = await promisify(gzip)(Buffer.alloc(60 * MEGABYTE, 0x20))
  const headers = { 'content-encoding': 'gzip' }
  const hits = (async () => {
    for (let turn = 0; turn < 500; turn++)
      await post(`${url}/v1/events`, sampleEvent(), { app: 'faulty' })
  })()
  const bombs = Array.from({ length: 40 }, () =>
    post(`${url}/v1/events/batch`, bomb, { app: 'bombs', headers }),
  )
  const arrays = Buffer.from(`[${'[],'.repeat(5 * MEGABYTE)}[]]`)
  const objects = Buffer.from(`[${'{},'.repeat(2 * MEGABYTE)}{}]`)
  const inBody = Buffer.from(
    JSON.stringify(sampleEvent()).replace('{"total":3}', `[${'{},'.repeat(2 * MEGABYTE)}{}]`),
  )
  const escapes = Buffer.from(`["${'\\"'.repeat(7 * MEGABYTE)}"]`)
  const many = [
    post(`${url}/v1/events`, arrays, { app: 'many' }),
    post(`${url}/v1/users`, arrays, { app: 'many' }),
    post(`${url}/v1/events/batch`, arrays, { app: 'many' }),
    post(`${url}/v1/events/batch`, objects, { app: 'many' }),
    post(`${url}/v1/users/batch`, objects, { app: 'many' }),
    post(`${url}/v1/actions/batch`, arrays, { app: 'many' }),
    post(`${url}/v1/events`, inBody, { app: 'many' }),
  ]
  const escaped = Array.from({ length: 4 }, () =>
    post(`${url}/v1/events/batch`, escapes, { app: 'many' }),
  )
  // What is as large as it may be, and good.
  const event = JSON.stringify(sampleEvent())
  const large = `[${Array.from({ length: 15_000 }, () => event).join(',')}]`
  const whole = [1, 2, 3].map(() => post(`${url}/v1/events/batch`, large, { app: 'large' }))

  const [ofBombs, ofMany, ofWhole, ofEscaped] = await Promise.all([
    statusesOf(bombs),
    statusesOf(many),
    statusesOf(whole),
    statusesOf(escaped),
    hits,
  ])
  for (const status of ofBombs) expect([413, 503]).toContain(status)
  for (const status of ofMany) expect([413, 503]).toContain(status)
  for (const status of ofWhole) expect([201, 503]).toContain(status)
  for (const status of ofEscaped) expect([400, 503]).toContain(status)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([0, 422]))
  await send(url, [sampleEvent()], 'afterwards')
  // 503 above was for lack of memory at that moment: alone each body gets the answer that is its own.
  const batches = `${url}/v1/events/batch`
  expect((await post(batches, bomb, { app: 'bombs', headers })).status).toBe(413)
  expect((await post(batches, objects, { app: 'many' })).status).toBe(413)
  expect((await post(batches, escapes, { app: 'many' })).status).toBe(400)
  expect((await post(batches, large, { app: 'large' })).status).toBe(201)
  await stopProbe()
  expect(await longestTurn()).toBeLessThan(MOST_TURN_MS)

  const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]
  expect(Number(peak) / 1024).toBeLessThan(MOST_MEGABYTES)
})
