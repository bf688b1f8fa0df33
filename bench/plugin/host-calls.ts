import { Emulator } from '#sandbox/emulator/index.ts'
import { answerOf, type Scenario } from './scenarios.ts'
import type { Variant } from './variants.ts'

export interface HostCallsPerRequest {
  calls: number
  bytes: number
}

const rounds = 200

/** Exact, not measured: what the emulator counts for the same exchange, batches sent included. Null without a filter. */
export async function hostCallsPerRequest(
  { file, options }: Variant,
  scenario: Scenario,
  edge: boolean,
): Promise<HostCallsPerRequest | null> {
  if (file === null) return null
  const emulator = await Emulator.load(file)
  emulator.configure(options)
  emulator.hostCalls.reset()
  const { method, path, headers, body } = scenario
  const answer = answerOf(scenario)
  const added = { ...length(body), ...(edge && { 'x-forwarded-for': '127.0.0.1' }) }
  const request = { method, path, headers: { ...headers, ...added }, ...(body && { body }) }
  const reply = { 'content-type': 'application/json', ...length(answer) }
  for (let round = 0; round < rounds; round++) {
    emulator
      .worker(0)
      .exchange({ request, response: { headers: reply, ...(answer && { body: answer }) } })
  }
  emulator.advance(3000)
  const { calls, bytes } = emulator.hostCalls.total
  return { calls: calls / rounds, bytes: bytes / rounds }
}

const length = (text: string) => ({ 'content-length': String(text.length) })
