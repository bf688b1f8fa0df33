import type { HostCallsPerRequest } from './host-calls.ts'
import type { Sample } from './measure.ts'

export interface Row {
  variant: string
  sample: Sample
  hostCalls: HostCallsPerRequest | null
}

/** A Markdown table; the first row is what the others are compared with. */
export function table(rows: readonly Row[]): string {
  const base = rows[0]?.sample
  if (!base) return ''
  const head = [
    'variant',
    'CPU µs/request',
    'added',
    'ratio',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'RSS MiB',
    'host calls',
    'host bytes',
  ]
  const lines = rows.map(({ variant, sample, hostCalls }) => [
    variant,
    sample.cpuMicrosecondsPerRequest.toFixed(1),
    signed(sample.cpuMicrosecondsPerRequest - base.cpuMicrosecondsPerRequest),
    (sample.cpuMicrosecondsPerRequest / base.cpuMicrosecondsPerRequest).toFixed(2),
    sample.requestsPerSecond.toFixed(0),
    sample.p50Ms.toFixed(2),
    sample.p99Ms.toFixed(2),
    sample.rssMiB.toFixed(0),
    hostCalls?.calls.toFixed(2) ?? '',
    hostCalls?.bytes.toFixed(0) ?? '',
  ])
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`
