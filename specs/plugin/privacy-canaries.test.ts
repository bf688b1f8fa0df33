import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExchangeScript } from '#sandbox/emulator/index.ts'
import { canaries, type Canary } from '#specs/support/canaries.ts'
import { showsSecret } from '#specs/support/shows-secret.ts'
import { startPlugin } from './support/plugin-under-test.ts'

const secrets = fc.stringMatching(/^[A-Za-z0-9]{12,24}$/)
/** Where a body is cut into chunks, as shares of it. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 })

function chunked(body: string | Uint8Array, at: number[]): Uint8Array[] {
  const bytes = Buffer.from(body)
  const ends = [...at.map((share) => Math.floor(share * bytes.length)), bytes.length]
  ends.sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

function scriptOf({ request, response }: Canary, at: number[]): ExchangeScript {
  const withChunks = ({ body, ...message }: NonNullable<Canary['response']>) => ({
    ...message,
    ...(body !== undefined && { body: chunked(body, at) }),
  })
  return {
    request: { method: 'POST', ...(request && withChunks(request)) },
    response: { status: 200, ...(response && withChunks(response)) },
  }
}

/** Everything that leaves: calls to the collector with their headers, log lines, metrics. */
async function eventContents(options: object, scripts: ExchangeScript[]): Promise<string> {
  const emulator = await startPlugin({ debug: true, ...options })
  for (const script of scripts) emulator.worker(0).exchange(script)
  // At least one that no option is about.
  emulator.worker(0).exchange({})
  emulator.advance(3000)
  expect(emulator.traps).toEqual([])
  const calls = emulator.callouts.calls
  expect(calls).not.toEqual([])
  return [
    ...calls.map(({ headers, body }) => JSON.stringify(headers) + Buffer.from(body).toString()),
    ...emulator.logs.messages(),
    JSON.stringify(emulator.metrics.toObject()),
  ].join('\n')
}

const PLACES = canaries('x').map(({ place }, index): [string, number] => [place, index])

test.each(PLACES)('no secret of %s leaves under its option', async (_, index) => {
  const samples = fc.sample(fc.tuple(secrets, cuts), 8)
  const { options } = canaries('x')[index]!
  const scripts = samples.map(([secret, at]) => scriptOf(canaries(secret)[index]!, at))

  const sent = await eventContents(options, scripts)

  expect(samples.map(([secret]) => secret).filter((secret) => showsSecret(secret, sent))).toEqual(
    [],
  )
})

const secretOf = (index: number) => `aSecretOfLettersAnd${String(index).padStart(3, '0')}`

test('a secret of any place but trailers would be seen without its option', async () => {
  const places = PLACES.filter(([place]) => place !== 'trailers')
  const scripts = places.map(([, index]) => scriptOf(canaries(secretOf(index))[index]!, [0.5]))

  const sent = await eventContents({}, scripts)

  expect(places.filter(([, index]) => !showsSecret(secretOf(index), sent))).toEqual([])
})
