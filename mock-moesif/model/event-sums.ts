/** Where events are, by the plugin's metrics, in the terms of the plugin's promise: `captured = sent + unconfirmed + dropped + sampled out + pending`. */
export interface EventSums {
  captured: number
  sent: number
  unconfirmed: number
  sampledOut: number
  pending: number
  /** By reason; only reasons that occurred. */
  dropped: Record<string, number>
}

/** @param metrics of the plugin, by their bare names */
export function eventSums(metrics: Record<string, number>): EventSums {
  const dropped = Object.entries(metrics).flatMap(([name, value]) => {
    const reason = /^moesif_events_dropped_(.+)_total$/.exec(name)?.[1]
    return reason && value !== 0 ? [[reason, value] as const] : []
  })
  return {
    captured: metrics['moesif_events_captured_total'] ?? 0,
    sent: metrics['moesif_events_sent_total'] ?? 0,
    unconfirmed: metrics['moesif_events_unconfirmed_total'] ?? 0,
    sampledOut: metrics['moesif_events_sampled_out_total'] ?? 0,
    pending: metrics['moesif_events_pending'] ?? 0,
    dropped: Object.fromEntries(dropped),
  }
}

export function droppedInAll({ dropped }: EventSums): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0)
}

/**
 * Events the sums cannot explain; 0 is the promise. A reading of a running Envoy may fall between two increments of a worker: wait
 * for 0 there, rather than look once.
 */
export function balance(sums: EventSums): number {
  const { captured, sent, unconfirmed, sampledOut, pending } = sums
  return captured - sent - unconfirmed - sampledOut - pending - droppedInAll(sums)
}
