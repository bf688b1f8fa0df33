/**
 * `npm run bench:mock [-- --quick | --memory]`: how many events a second of one core the mock takes, beside a bare node:http
 * server that only parses; how soon an event is visible at half that load; `--memory`: resident memory over 5 million events,
 * half a million with `--quick`.
 */
import { Agent } from 'node:http'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { MockMoesifClient } from '#mock-moesif/index.ts'
import { post, postOne } from './load.ts'
import { sampleBatch } from './sample-events.ts'
import { ServerProcess } from './server-process.ts'

const MOCK = '../../sandbox/mock/cli.ts'
const quick = process.argv.includes('--quick')
const seconds = quick ? 2 : 6
const rounds = quick ? 1 : 3

const fresh = (count: number, batches: number) =>
  Array.from({ length: batches }, () => Buffer.from(sampleBatch(count)))

async function throughput(script: string, args: string[], size: number): Promise<number> {
  await using server = await ServerProcess.start(script, args)
  const bodies = fresh(size, Math.ceil(20_000 / size))
  await post({ url: server.url, bodies, connections: 8, seconds: 1 })
  const before = server.cpuSeconds()
  const answered = await post({ url: server.url, bodies, connections: 8, seconds })
  return (answered * size) / (server.cpuSeconds() - before)
}

async function median(measure: () => Promise<number>): Promise<number> {
  const results: number[] = []
  for (let round = 0; round < rounds; round++) results.push(await measure())
  return results.sort((a, b) => a - b)[results.length >> 1]!
}

async function compare(): Promise<void> {
  for (const size of [10, 100]) {
    const mock = await median(() => throughput(MOCK, ['--port', '0'], size))
    const bare = await median(() => throughput('./bare-server.ts', [], size))
    const perEvent = (1e6 / mock).toFixed(1)
    process.stdout.write(
      `batches of ${size}: ${Math.round(mock)} events per CPU second (${perEvent} µs each), bare ${Math.round(bare)}, ratio ${(mock / bare).toFixed(2)}\n`,
    )
  }
}

/** From the moment an event is posted until a client that waits for it has it. */
async function visibility(): Promise<void> {
  await using server = await ServerProcess.start(MOCK, ['--port', '0'])
  const moesif = new MockMoesifClient(server.url).application('bench')
  const load = post({
    url: server.url,
    bodies: fresh(100, 200),
    connections: 8,
    seconds: 5,
    perSecond: 100,
  })
  const agent = new Agent({ keepAlive: true })
  const waits: number[] = []
  for (let turn = 0; turn < 100; turn++) {
    const transaction = crypto.randomUUID()
    const [event] = JSON.parse(sampleBatch(1)) as [{ transaction_id: string }]
    event.transaction_id = transaction
    const awaited = moesif.awaitEvents({ where: `transaction:${transaction}` })
    const started = performance.now()
    await postOne(agent, server.url, Buffer.from(JSON.stringify([event])))
    await awaited
    waits.push(performance.now() - started)
  }
  await load
  agent.destroy()
  waits.sort((a, b) => a - b)
  process.stdout.write(
    `visible to a waiting client at 10000 events/s: median ${waits[50]!.toFixed(1)} ms, 95 % within ${waits[95]!.toFixed(1)} ms\n`,
  )
}

/** The bound is 100 000 events: what comes after the first tenth of the quick run must not show. */
async function memory(): Promise<void> {
  await using server = await ServerProcess.start(MOCK, ['--port', '0'])
  const bodies = fresh(100, 500)
  const step = quick ? 1000 : 10_000
  let batches = 0
  for (let look = 0; look <= 5; look++) {
    while (batches < look * step)
      batches += await post({ url: server.url, bodies, connections: 8, seconds: 1 })
    process.stdout.write(
      `after ${(batches / 10_000).toFixed(2)} M events: ${server.rssMegabytes()} MB\n`,
    )
  }
}

endWithNpm()
if (process.argv.includes('--memory')) await memory()
else {
  await compare()
  await visibility()
}
