import { expect } from 'vitest'
import { HeaderMap } from '#sandbox/emulated-plugin/index.ts'
import { startWith } from './documents.ts'

export interface Sample {
  /** Percent. */
  rate: number
  draws: number
  kept: number
  /** Of all events that were kept. */
  totalWeight: number
  weights: Set<number>
  sampledOut: number
}

/** The same dice in each run. */
export function seeded(bytes: Uint8Array): void {
  bytes.fill(0x5a)
}

const request = HeaderMap.from({
  ':method': 'GET',
  ':path': '/',
  ':authority': 'a',
  ':scheme': 'http',
})

/** Runs a number of exchanges under a global rate. */
export async function drawSample(rate: number, draws: number): Promise<Sample> {
  const options = { enable_governance: false, batch_max_size: 1000 }
  const emulator = await startWith({ config: { sample_rate: rate } }, options, { random: seeded })
  const weights: number[] = []
  for (let draw = 1; draw <= draws; draw++) {
    const stream = emulator.worker(0).stream()
    stream.requestHeaders(request, { endOfStream: true })
    stream.end()
    if (draw % 1000 > 0 && draw < draws) continue
    emulator.advance(3000)
    for (const event of emulator.collector.events())
      weights.push((event as { weight?: number }).weight ?? 1)
    emulator.collector.takeCalls()
  }
  expect(emulator.traps).toEqual([])
  return {
    rate,
    draws,
    kept: weights.length,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0),
    weights: new Set(weights),
    sampledOut: emulator.metrics.get('moesif_events_sampled_out_total') ?? NaN,
  }
}

/** The share and the sum of the weights lie within four standard deviations; each weight is 100 / rate, rounded. */
export function expectFair({ rate, draws, kept, totalWeight, weights, sampledOut }: Sample): void {
  const share = rate / 100
  const mean = 1 / share
  const fraction = mean - Math.floor(mean)
  const ofWeights = Math.sqrt(draws * (share * (mean * mean + fraction * (1 - fraction)) - 1))
  expect(Math.abs(kept - draws * share)).toBeLessThan(4 * Math.sqrt(draws * share * (1 - share)))
  expect(Math.abs(totalWeight - draws)).toBeLessThan(4 * ofWeights)
  expect([...weights].every((weight) => Math.abs(weight - mean) < 1)).toBe(true)
  expect(sampledOut).toBe(draws - kept)
}
