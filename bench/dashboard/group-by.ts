/**
 * `node bench/dashboard/group-by.ts`: how long the page waits for groups of 500 000 events, and how long the collector makes a
 * gateway wait meanwhile. The mock is a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { Load } from './load.ts'

const count = 500_000
const ROUNDS = 5
const fields = ['user', 'company', 'route', 'verb', 'status', 'app', 'path']

if (process.send) {
  const mock = await startMockMoesif({ maxEvents: 2 * count, maxBytes: 4 * 1024 ** 3 })
  process.send(mock.url)
  process.on('message', () => process.send?.(cpuMs()))
} else {
  const child = fork(import.meta.filename)
  try {
    const [url] = (await once(child, 'message')) as [string]
    await measure(url, child)
  } finally {
    child.kill()
  }
}

async function measure(url: string, mock: ChildProcess): Promise<void> {
  const load = new Load(url)
  await Promise.all(Array.from({ length: 4 }, () => load.post(count / 4, Infinity)))
  const cpu = async () => {
    mock.send('cpu')
    const [ms] = (await once(mock, 'message')) as [number]
    return ms
  }
  console.log('| grouped by | CPU of the mock | by itself | while batches come | longest answer |')
  console.log('| --- | --- | --- | --- | --- |')
  for (const field of fields) {
    const runs: { idle: number; used: number }[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = await cpu()
      const idle = await asked(url, field)
      runs.push({ idle, used: (await cpu()) - before })
    }
    const idle = median(runs.map((run) => run.idle))
    const used = median(runs.map((run) => run.used))
    const stop = new AbortController()
    const longest = longestAnswer(load, stop.signal)
    await wait(200)
    const loaded = await asked(url, field)
    stop.abort()
    console.log(`| ${field} | ${used} | ${idle} | ${loaded} | ${await longest} |`)
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return Math.round((user + system) / 1000)
}

/** As the page asks for it. */
async function asked(url: string, by: string): Promise<number> {
  const query = new URLSearchParams({ by, filter: '', sort: 'count', limit: '100' })
  const started = performance.now()
  const response = await fetch(`${url}/_mock/events/aggregate?${query}`)
  const { complete } = (await response.json()) as { complete?: boolean }
  const took = Math.round(performance.now() - started)
  return complete === false ? Number.NaN : took
}

async function longestAnswer(load: Load, stop: AbortSignal): Promise<number> {
  let longest = 0
  while (!stop.aborted) {
    const started = performance.now()
    await load.post(100, Infinity)
    longest = Math.max(longest, performance.now() - started)
    await wait(20)
  }
  return Math.round(longest)
}
