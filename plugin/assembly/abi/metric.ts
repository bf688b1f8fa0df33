import {
  proxy_define_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from '@solo-io/proxy-runtime/assembly/imports'
import { MetricKind, Status } from './constants'
import { Span } from '../memory/span'

const slot = memory.data(4)

/** The id of a metric that the host refused to define: operations on it have no effect. */
const NO_METRIC: u32 = 0xffffffff

/** Every call makes a new id for the same metric: once per root context. The host adds up all workers. */
export function defineMetric(kind: MetricKind, name: Span): u32 {
  const status = proxy_define_metric(kind, name.start, name.length, slot)
  return status == Status.Ok ? load<u32>(slot) : NO_METRIC
}

/** Counter: `by` > 0 (0 does nothing). Gauge: either sign, adds up across workers. */
export function incrementMetric(id: u32, by: i64): void {
  if (id != NO_METRIC && by != 0) proxy_increment_metric(id, by)
}

/** Gauge: the last writer wins, whichever worker. Histogram: one sample. */
export function recordMetric(id: u32, value: u64): void {
  if (id != NO_METRIC) proxy_record_metric(id, value)
}
