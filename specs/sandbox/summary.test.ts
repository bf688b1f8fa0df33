import { expect, test } from 'vitest'
import { summary } from '#sandbox/cli/summary.ts'

const metrics = {
  moesif_events_captured_total: 125,
  moesif_events_sent_total: 116,
  moesif_batches_sent_total: 1,
  moesif_events_dropped_queue_full_total: 3,
  moesif_events_dropped_too_large_total: 0,
  moesif_events_pending: 2,
  moesif_events_sampled_out_total: 4,
  moesif_exchanges_skipped_total: 5,
}

test('requests, events, drops and what is pending add up', () => {
  expect(summary(145, metrics, false)).toBe(
    '145 requests · 116 events delivered in 1 batch · dropped: 3 queue full · 4 left out by sample rates · 5 skipped · 15 requests without an event: no valid HTTP, or not through the plugin · 2 still pending',
  )
})

test('nothing is said of what did not happen', () => {
  const one = { moesif_events_captured_total: 1, moesif_events_sent_total: 1 }
  expect(summary(1, { ...one, moesif_batches_sent_total: 1 }, true)).toBe(
    '1 request · 1 event delivered in 1 batch · 0 dropped',
  )
})
