/**
 * `npm run bench:in-process`: the module's own time in this process's V8, in the emulator, for whoever makes it faster:
 * it takes seconds, and is steady on a busy machine, since the best of many short batches counts. Time in the emulated
 * host is in every row, the empty filter's too; the cost of a call in Envoy is measured by `npm run bench` only.
 */
import { parseArgs } from 'node:util'
import { MoesifEmulator, HeaderMap } from '#sandbox/emulated-plugin/index.ts'
import { answerOf, scenarios, type Scenario } from './scenarios.ts'
import { variants, type Variant } from './variants.ts'

const { values } = parseArgs({
  options: {
    wasm: { type: 'string', multiple: true, default: [] },
    seconds: { type: 'string', default: '2' },
    scenario: { type: 'string', default: '' },
  },
})
// @note The compiler would take --wasm for its own.
process.argv.splice(2)
const batchSize = 50

interface Messages {
  request: HeaderMap
  body: Uint8Array
  response: HeaderMap
  answer: Uint8Array
}

function messagesOf(scenario: Scenario): Messages {
  const answer = Buffer.from(answerOf(scenario))
  return {
    request: HeaderMap.from({
      ':authority': 'api.example.com',
      ':path': scenario.path,
      ':method': scenario.method,
      ':scheme': 'http',
      ...scenario.headers,
      'content-length': String(scenario.body.length),
      'x-forwarded-proto': 'http',
      'x-request-id': 'caf91c27-704b-44ed-9099-7ab827ec91ef',
    }),
    body: Buffer.from(scenario.body),
    response: HeaderMap.from({
      ':status': '200',
      'content-type': 'application/json',
      'content-length': String(answer.length),
      'x-envoy-upstream-service-time': '0',
      date: 'Fri, 02 Jan 2026 03:04:05 GMT',
      server: 'envoy',
    }),
    answer,
  }
}

function batch(emulator: MoesifEmulator, { request, body, response, answer }: Messages): void {
  for (let count = 0; count < batchSize; count++) {
    const stream = emulator.worker(0).stream()
    stream.requestHeaders(request, { endOfStream: body.length === 0 })
    if (body.length > 0) stream.requestBody(body, { endOfStream: true })
    stream.responseHeaders(response, { endOfStream: answer.length === 0 })
    if (answer.length > 0) stream.responseBody(answer)
    stream.end()
  }
}

/** Microseconds per exchange of each variant: they take turns, so that whatever else runs on the machine slows all of them. */
async function fastest(compared: readonly Variant[], messages: Messages): Promise<number[]> {
  const emulators = await Promise.all(
    compared.map(async ({ file, options }) => {
      const emulator = await MoesifEmulator.load(file ?? '')
      emulator.configure(options)
      return emulator
    }),
  )
  const best = compared.map(() => Infinity)
  const end = performance.now() + Number(values.seconds) * 1000 * compared.length
  while (performance.now() < end) {
    for (const [index, emulator] of emulators.entries()) {
      const start = process.hrtime.bigint()
      batch(emulator, messages)
      const time = Number(process.hrtime.bigint() - start) / 1000 / batchSize
      best[index] = Math.min(best[index] ?? Infinity, time)
      emulator.advance(1)
      emulator.collector.takeCalls()
    }
  }
  return best
}

const filters = (await variants(values.wasm)).filter(({ file }) => file !== null)
for (const scenario of scenarios.filter(({ name }) => name.includes(values.scenario))) {
  process.stdout.write(`\n${scenario.name}\n`)
  const times = await fastest(filters, messagesOf(scenario))
  for (const [index, { name }] of filters.entries()) {
    process.stdout.write(`  ${name.padEnd(26)} ${(times[index] ?? 0).toFixed(2).padStart(7)} µs\n`)
  }
}
