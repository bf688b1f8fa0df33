/** `npm run bench:collector-trouble -- --help`: what users notice of a collector that is down, slow or resetting connections. */
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { buildPlugin } from '#plugin/build/build.ts'
import { OTHER_CORE, pinSelf, requireTools } from './cores.ts'
import { startGateway, startServer, startUpstream, type BenchGateway } from './gateway.ts'
import { droppedInAll, eventSums } from '#mock-moesif/model/event-sums.ts'
import { measure, summary, type Sample } from './measure.ts'
import { answerOf, scenarios } from './scenarios.ts'

const help = `npm run bench:collector-trouble -- [options]
  --rounds N         interleaved rounds (default 5): of CPU time the lowest counts, else the median
  --seconds N        length of one run (default 3)
  --connections N    of wrk (default 16)`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    help: { type: 'boolean', default: false },
  },
})
const load = { seconds: Number(values.seconds), connections: Number(values.connections) }
/** Until every queue is full, or as full as it gets. */
const WARM_SECONDS = 3
const scenario = scenarios[0]!
const options = { moesif_application_id: 'bench-application-id' }

async function main(): Promise<void> {
  requireTools()
  pinSelf(OTHER_CORE)
  const file = (await buildPlugin()).path
  await using started = new AsyncDisposableStack()
  const serve = async (server: ReturnType<typeof startServer>): Promise<string> => {
    const { url, process: child } = await server
    started.defer(() => void child.kill())
    return url
  }
  const upstream = await serve(startUpstream(answerOf(scenario)))
  // The address of a stopped server: nothing listens there.
  const stopped = await startServer('troubled-collector.ts', [])
  stopped.process.kill('SIGKILL')
  await once(stopped.process, 'exit')
  const collectors: [name: string, url: string | null, file: string | null][] = [
    ['no filter', upstream, null],
    ['healthy', upstream, file],
    ['no cluster of that name', null, file],
    ['nothing listens', stopped.url, file],
    ['slow', await serve(startServer('troubled-collector.ts', ['--trouble', 'slow'])), file],
    ['resets', await serve(startServer('troubled-collector.ts', ['--trouble', 'reset'])), file],
  ]
  const samples = new Map<BenchGateway, Sample[]>()
  for (const [name, url, wasm] of collectors) {
    const gateway = await startGateway({ name, file: wasm, options }, upstream, {
      collectorUrl: url,
    })
    started.defer(async () => void (await gateway.envoy.kill()))
    samples.set(gateway, [])
  }
  for (const gateway of samples.keys())
    await measure(gateway, scenario, { ...load, seconds: WARM_SECONDS })
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [gateway, list] of samples) list.push(await measure(gateway, scenario, load))
  }
  const rows = await Promise.all([...samples].map(([gateway, list]) => row(gateway, list)))
  process.stdout.write(
    `Load ${loadavg()[0]?.toFixed(1)} at the end.\n\n${[head, head.map(() => '---'), ...rows]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')}\n`,
  )
}

const head = [
  'collector',
  'p50 ms',
  'p99 ms',
  'CPU µs/request',
  'requests/s',
  'RSS MiB',
  'events sent',
  'dropped',
  'failed tries',
]

/** What was measured, and what shows that the collector was in trouble. */
async function row({ envoy, variant }: BenchGateway, list: readonly Sample[]): Promise<string[]> {
  const { p50Ms, p99Ms, cpuMicrosecondsPerRequest, requestsPerSecond, rssMiB } = summary(list)
  const metrics = await envoy.metrics()
  const sums = eventSums(metrics)
  return [
    variant.name,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    cpuMicrosecondsPerRequest.toFixed(1),
    requestsPerSecond.toFixed(0),
    rssMiB.toFixed(0),
    String(sums.sent),
    String(droppedInAll(sums)),
    String(metrics['moesif_batches_retried_total'] ?? ''),
  ]
}

endWithNpm()
if (values.help) process.stdout.write(`${help}\n`)
else {
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
