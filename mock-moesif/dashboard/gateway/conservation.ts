/** The plugin's counters as the one sum that must hold: captured = sent + unconfirmed + dropped + sampled out + pending. */
export interface Conservation {
  captured: number
  sent: number
  unconfirmed: number
  sampledOut: number
  pending: number
  dropped: { reason: string; count: number }[]
  droppedTotal: number
  /** Captured less all that is accounted for; a moment's difference is normal while requests run. */
  difference: number
}

const dropped = /^moesif_events_dropped_(.+)_total$/

export function conservation(counters: Record<string, number>): Conservation {
  const of = (name: string) => counters[name] ?? 0
  const reasons = Object.entries(counters).flatMap(([name, count]) => {
    const reason = dropped.exec(name)?.[1]
    return reason ? [{ reason: reason.replaceAll('_', ' '), count }] : []
  })
  const captured = of('moesif_events_captured_total')
  const sent = of('moesif_events_sent_total')
  const unconfirmed = of('moesif_events_unconfirmed_total')
  const sampledOut = of('moesif_events_sampled_out_total')
  const pending = of('moesif_events_pending')
  const droppedTotal = reasons.reduce((sum, { count }) => sum + count, 0)
  return {
    captured,
    sent,
    unconfirmed,
    sampledOut,
    pending,
    dropped: reasons,
    droppedTotal,
    difference: captured - sent - unconfirmed - sampledOut - pending - droppedTotal,
  }
}
