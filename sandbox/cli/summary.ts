import { eventSums } from '#mock-moesif/model/event-sums.ts'

/** What came through, from Envoy's counters. */
export function summary(
  requests: number,
  metrics: Record<string, number>,
  flushed: boolean,
): string {
  const count = (name: string) => metrics[name] ?? 0
  const { captured, sent, sampledOut, pending, dropped } = eventSums(metrics)
  const drops = Object.entries(dropped).map(
    ([reason, number]) => `${number} ${reason.replaceAll('_', ' ')}`,
  )
  const parts = [
    plural(requests, 'request'),
    `${plural(sent, 'event')} delivered in ${plural(count('moesif_batches_sent_total'), 'batch', 'batches')}`,
    drops.length > 0 ? `dropped: ${drops.join(', ')}` : '0 dropped',
  ]
  const leftOut = [
    [sampledOut, 'left out by sample rates'],
    [count('moesif_exchanges_skipped_total'), 'skipped'],
  ] as const
  for (const [number, how] of leftOut) if (number > 0) parts.push(`${number} ${how}`)
  const skipped = count('moesif_exchanges_skipped_total')
  const unseen = requests - captured - skipped
  if (unseen > 0) {
    parts.push(
      `${plural(unseen, 'request')} without an event: no valid HTTP, or not through the plugin`,
    )
  }
  if (!flushed) parts.push(`${pending} still pending`)
  return parts.join(' · ')
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
