import { cpuMicroseconds, residentMiB } from './cores.ts'
import type { BenchGateway } from './gateway.ts'
import type { Scenario } from './scenarios.ts'
import { wrk } from './wrk.ts'

/** One run of one variant under one scenario. */
export interface Sample {
  requestsPerSecond: number
  cpuMicrosecondsPerRequest: number
  p50Ms: number
  p99Ms: number
  rssMiB: number
}

export async function measure(
  { envoy, pid, variant }: BenchGateway,
  scenario: Scenario,
  load: { seconds: number; connections: number },
): Promise<Sample> {
  const requestsBefore = await requests(envoy)
  const cpuBefore = cpuMicroseconds(pid)
  const result = await wrk(envoy.url, scenario, load)
  const cpu = cpuMicroseconds(pid) - cpuBefore
  const count = (await requests(envoy)) - requestsBefore
  if (result.errors > 0) {
    throw new Error(`${variant.name}, ${scenario.name}: ${result.errors} requests failed.`)
  }
  return {
    requestsPerSecond: result.requestsPerSecond,
    cpuMicrosecondsPerRequest: cpu / count,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    rssMiB: residentMiB(pid),
  }
}

/** Envoy's own count: wrk does not report requests that its end cut off. */
async function requests(envoy: BenchGateway['envoy']): Promise<number> {
  const stats = await envoy.stats(/^http\.gateway\.downstream_rq_total$/)
  return stats['http.gateway.downstream_rq_total'] ?? 0
}

/** Of CPU time the lowest, since whatever else runs on the machine can only add to it; of the rest the median. */
export function summary(samples: readonly Sample[]): Sample {
  const sorted = (key: keyof Sample) => samples.map((sample) => sample[key]).sort((a, b) => a - b)
  const median = (key: keyof Sample) => sorted(key)[samples.length >> 1] ?? 0
  return {
    ...sampleOf(median),
    cpuMicrosecondsPerRequest: sorted('cpuMicrosecondsPerRequest')[0] ?? 0,
  }
}

/** Of Envoys that were started one after the other. */
export const mean = (samples: readonly Sample[]): Sample =>
  sampleOf((key) => samples.reduce((sum, sample) => sum + sample[key], 0) / samples.length)

const sampleOf = (figure: (key: keyof Sample) => number): Sample => ({
  requestsPerSecond: figure('requestsPerSecond'),
  cpuMicrosecondsPerRequest: figure('cpuMicrosecondsPerRequest'),
  p50Ms: figure('p50Ms'),
  p99Ms: figure('p99Ms'),
  rssMiB: figure('rssMiB'),
})
