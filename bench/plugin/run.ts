/** `npm run bench -- --help`: what the plugin costs inside a real Envoy, beside others and beside none. */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { OTHER_CORE, pinSelf, requireTools } from './cores.ts'
import { startGateway, startUpstream, type BenchGateway } from './gateway.ts'
import { hostCallsPerRequest } from './host-calls.ts'
import { mean, measure, summary, type Sample } from './measure.ts'
import { answerOf, scenarios, type Scenario } from './scenarios.ts'
import { table } from './table.ts'
import { variants, type Variant } from './variants.ts'

const help = `npm run bench -- [options]
  --wasm NAME=FILE   another filter to measure, e.g. an official build; may be repeated
  --starts N         how often each Envoy is started anew (default 3): where its code comes to lie in memory makes some
                     microseconds of difference, so the mean over the starts counts
  --rounds N         interleaved rounds of each start (default 5): of CPU time the lowest counts, else the median
  --seconds N        length of one run (default 4)
  --connections N    of wrk (default 16)
  --edge             with use_remote_address, as in examples/envoy: then a header has the client's address
  --scenario TEXT    only scenarios whose name contains it
  --variant TEXT     only variants whose name contains it, beside "no filter"; may be repeated`

const { values } = parseArgs({
  options: {
    wasm: { type: 'string', multiple: true, default: [] },
    starts: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '16' },
    edge: { type: 'boolean', default: false },
    scenario: { type: 'string', default: '' },
    variant: { type: 'string', multiple: true, default: [''] },
    help: { type: 'boolean', default: false },
  },
})
// @note The compiler would take --wasm for its own.
process.argv.splice(2)
const load = { seconds: Number(values.seconds), connections: Number(values.connections) }
const say = (text: string) => process.stdout.write(`${text}\n`)

async function bench(scenario: Scenario, compared: readonly Variant[]): Promise<void> {
  const upstream = await startUpstream(answerOf(scenario))
  const summaries = new Map<Variant, Sample[]>(compared.map((variant) => [variant, []]))
  try {
    for (let start = 0; start < Number(values.starts); start++) {
      for (const [variant, sample] of await oneStart(scenario, compared, upstream.url)) {
        summaries.get(variant)?.push(sample)
      }
    }
    const rows = [...summaries].map(async ([variant, list]) => ({
      variant: variant.name,
      sample: mean(list),
      hostCalls: await hostCallsPerRequest(variant, scenario, values.edge),
    }))
    say(`\n### ${scenario.name}\n\n${table(await Promise.all(rows))}`)
  } finally {
    upstream.process.kill()
  }
}

async function oneStart(
  scenario: Scenario,
  compared: readonly Variant[],
  upstreamUrl: string,
): Promise<[Variant, Sample][]> {
  const gateways: BenchGateway[] = []
  try {
    for (const variant of compared) {
      gateways.push(await startGateway(variant, upstreamUrl, { edge: values.edge }))
    }
    for (const { variant, envoy } of gateways)
      if (variant.options['enable_governance'] === true && variant.file !== null)
        await envoy.waitForMetrics((now) => (now['moesif_documents_fetched_total'] ?? 0) >= 2)
    const samples = new Map<BenchGateway, Sample[]>(gateways.map((gateway) => [gateway, []]))
    for (const gateway of gateways) await measure(gateway, scenario, { ...load, seconds: 1 })
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [gateway, list] of samples) list.push(await measure(gateway, scenario, load))
    }
    return [...samples].map(([{ variant }, list]) => [variant, summary(list)])
  } finally {
    await Promise.all(gateways.map(({ envoy }) => envoy.kill()))
  }
}

function describeMachine(): void {
  const [average = 0] = loadavg()
  say(`${cpus().length} cores, ${cpus()[0]?.model.trim()}; load ${average.toFixed(1)}`)
  if (average > 0.5)
    say('The machine is busy: figures are too high and unsteady. Run this when it is idle.')
}

async function main(): Promise<void> {
  requireTools()
  describeMachine()
  const all = await variants(values.wasm)
  const compared = all.filter(
    ({ file, name }) => file === null || values.variant.some((part) => name.includes(part)),
  )
  pinSelf(OTHER_CORE)
  for (const scenario of scenarios) {
    if (scenario.name.includes(values.scenario)) await bench(scenario, compared)
  }
}

endWithNpm()
if (values.help) say(help)
else {
  await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
