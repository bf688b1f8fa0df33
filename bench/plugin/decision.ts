/**
 * `npm run bench:decision`: what rules and rates cost, in this process's V8, in the emulator: a request that no rule fits, beside the
 * same request without rules; the reading of large documents; and how many fetches a fleet makes in a second.
 */
import { parseArgs } from 'node:util'
import { HeaderMap, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { buildPlugin } from '#plugin/build/build.ts'
import { rulesOf } from './rules.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    gateways: { type: 'string', default: '400' },
  },
})
// @note The compiler would take the arguments for its own.
process.argv.splice(2)
const wasm = (await buildPlugin()).path
const BATCH = 200

interface Documents {
  config?: object
  rules?: object[]
}

const request = HeaderMap.from({
  ':authority': 'api.example.com',
  ':path': '/api/v1/things/42?expand=all',
  ':method': 'GET',
  ':scheme': 'https',
  'content-type': 'application/json',
  accept: 'application/json',
  'user-agent': 'bench/1.0',
  'x-forwarded-for': '203.0.113.7',
  'x-user-id': 'user-77777',
  'x-company-id': 'company-1',
  'x-request-id': 'caf91c27-704b-44ed-9099-7ab827ec91ef',
})
const response = HeaderMap.from({ ':status': '204' })

async function start(documents: Documents | null): Promise<MoesifEmulator> {
  const emulator = await MoesifEmulator.load(wasm)
  emulator.collector.answerFetches(({ headers }) => {
    const isRules = headers[':path'] === '/v1/rules'
    return {
      status: 200,
      body: JSON.stringify(isRules ? (documents?.rules ?? []) : (documents?.config ?? {})),
    }
  })
  emulator.configure({
    moesif_application_id: 'bench-application-id',
    user_id_header: 'X-User-Id',
    company_id_header: 'X-Company-Id',
    enable_governance: documents !== null,
    disable_sampling: documents === null,
    documents_max_bytes: 67_108_864,
  })
  emulator.advance(10_000)
  return emulator
}

/** µs for each exchange; the best of many batches counts. */
function batch(emulator: MoesifEmulator): number {
  const started = performance.now()
  for (let i = 0; i < BATCH; i++) {
    const stream = emulator.worker(0).stream()
    stream.requestHeaders(request, { endOfStream: true })
    stream.responseHeaders(response, { endOfStream: true })
    stream.end()
  }
  const micros = ((performance.now() - started) * 1000) / BATCH
  emulator.advance(3000)
  emulator.collector.takeCalls()
  return micros
}

const user = (i: number) => `user-${i}`
const users = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [user(i), [{ rules: `rule-${(i % 50) * 4 + 2}` }]]),
  )

const cases: [string, Documents | null][] = [
  ['both features off', null],
  ['both on, no rules, no rates', {}],
  ['50 rules that do not fit', { rules: rulesOf(50) }],
  ['500 rules that do not fit', { rules: rulesOf(500) }],
  [
    'the same, 100,000 users in cohorts',
    { rules: rulesOf(500), config: { user_rules: users(100_000) } },
  ],
  [
    'a rate of 100 for each of 100,000 users',
    {
      config: {
        user_sample_rate: Object.fromEntries(
          Array.from({ length: 100_000 }, (_, i) => [user(i), 100]),
        ),
      },
    },
  ],
  ['a rate of 0 for everything', { config: { sample_rate: 0 } }],
]

const started = await Promise.all(
  cases.map(async ([name, documents]) => ({
    name,
    emulator: await start(documents),
    best: Infinity,
  })),
)
for (let round = 0; round < Number(values.rounds); round++) {
  for (const one of started) one.best = Math.min(one.best, batch(one.emulator))
}
const base = started[0]?.best ?? 0
console.log('\nGET, eleven headers; µs for each exchange\n')
for (const { name, best } of started) {
  console.log(
    `  ${name.padEnd(42)} ${best.toFixed(2).padStart(6)}  ${(best - base >= 0 ? '+' : '') + (best - base).toFixed(2)}`,
  )
}

console.log('\nReading a document, ms in one piece; linear memory it adds\n')
for (const count of [10_000, 100_000]) {
  const body = JSON.stringify({ user_rules: users(count) })
  const { memoryPages } = await start({})
  const emulator = await MoesifEmulator.load(wasm)
  const asked: number[] = []
  emulator.collector.answerFetches(() => {
    asked.push(performance.now())
    return { status: 200, body }
  })
  emulator.configure({ moesif_application_id: 'bench', documents_max_bytes: 67_108_864 })
  // The answer comes within the same advance; the emulated clock stands still, so that nothing is put off.
  while (asked.length === 0) emulator.advance(100)
  const ms = performance.now() - asked[0]!
  const grown = (emulator.memoryPages - memoryPages) * 65_536
  const size = `${(body.length / 1024 / 1024).toFixed(1)} MiB`
  console.log(
    `  ${String(count).padStart(7)} users, ${size}: ${ms.toFixed(1)} ms, ${(grown / count).toFixed(0)} bytes a user, the document included`,
  )
}

const gateways = Number(values.gateways)
const fleet = await Promise.all(Array.from({ length: gateways }, () => MoesifEmulator.load(wasm)))
for (const emulator of fleet)
  emulator.configure({ moesif_application_id: 'bench', enable_governance: true })
for (const emulator of fleet) emulator.advance(6000)
const peak = (): number => {
  const seconds = new Map<number, number>()
  for (const emulator of fleet) {
    for (const { at } of emulator.collector.fetches) {
      const second = Math.floor(at / 1000)
      seconds.set(second, (seconds.get(second) ?? 0) + 1)
    }
    emulator.collector.takeCalls()
  }
  return Math.max(...seconds.values())
}
const scale = 10_000 / gateways
console.log(`\nA fleet of ${gateways}, scaled to 10,000: fetches in the busiest second\n`)
console.log(`  restarted together   ${Math.round(peak() * scale)}`)
for (const emulator of fleet) {
  emulator.collector.answerAlways({
    status: 201,
    headers: { 'x-moesif-config-etag': 'new', 'x-moesif-rules-tag': 'new' },
  })
  emulator.worker(0).exchange()
}
for (const emulator of fleet) emulator.advance(8000)
console.log(`  both tags change     ${Math.round(peak() * scale)}`)
