/** What came through, from Envoy's counters. */
export function summary(
  requests: number,
  metrics: Record<string, number>,
  flushed: boolean,
): string {
  const count = (name: string) => metrics[name] ?? 0
  const drops = Object.entries(metrics)
    .filter(([name, value]) => name.startsWith('moesif_events_dropped_') && value > 0)
    .map(([name, value]) => `${value} ${reasonOf(name)}`)
  const parts = [
    plural(requests, 'request'),
    `${plural(count('moesif_events_sent_total'), 'event')} delivered in ${plural(count('moesif_batches_sent_total'), 'batch', 'batches')}`,
    drops.length > 0 ? `dropped: ${drops.join(', ')}` : '0 dropped',
  ]
  const leftOut = [
    [count('moesif_events_sampled_out_total'), 'left out by sample rates'],
    [count('moesif_exchanges_skipped_total'), 'skipped'],
  ] as const
  for (const [number, how] of leftOut) if (number > 0) parts.push(`${number} ${how}`)
  const skipped = count('moesif_exchanges_skipped_total')
  const unseen = requests - count('moesif_events_captured_total') - skipped
  if (unseen > 0) {
    parts.push(
      `${plural(unseen, 'request')} without an event: no valid HTTP, or not through the plugin`,
    )
  }
  if (!flushed) parts.push(`${count('moesif_events_pending')} still pending`)
  return parts.join(' · ')
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

const reasonOf = (metric: string): string =>
  metric.replace(/^moesif_events_dropped_|_total$/g, '').replaceAll('_', ' ')
