import { nowMs } from '../abi/clock'
import { setTickPeriod } from '../abi/timer'
import { Delivery } from '../delivery/delivery'
import { Metrics } from '../delivery/metrics'
import { tickPeriodMs } from '../delivery/tick-period'
import { Options } from '../config/options'
import { readConfiguration } from '../config/configure'
import { GovernanceMetrics } from '../decision/governance-metrics'
import { DocumentMetrics } from '../documents/document-metrics'
import { Documents } from '../documents/documents'
import { readSkipRules } from './read-skip-rules'
import * as configurationGauge from './configuration-gauge'
import { RootContext } from './root-context'

/** Few: one per filter configuration that this worker's VM has seen and not yet released. */
let first: RootContext | null

export function find(id: u32): RootContext | null {
  let root = first
  while (root != null) {
    if (root.id == id && !root.ended) return root
    root = root.next
  }
  return null
}

export function create(id: u32): void {
  if (find(id) != null) return
  const root = new RootContext(id)
  root.next = first
  first = root
}

export function configure(id: u32, size: u32): void {
  const root = find(id)
  if (root == null) return
  turnOff(root)
  const options = readOptions(root, size)
  const metrics = metricsOf(root)
  root.options = options
  configurationGauge.configured(root)
  if (options == null) return
  root.delivery = new Delivery(options, metrics)
  root.documents = documentsOf(root, options)
  setTickPeriod(tickPeriodMs(options))
}

/** Null when capturing must stay off: the log says why. */
function readOptions(root: RootContext, size: u32): Options | null {
  const options = readConfiguration(size)
  if (options == null) return null
  root.skipRules = readSkipRules(options)
  if (!options.skipAt) return options
  options.free()
  return null
}

/** Null when neither sampling nor governance is on. */
function documentsOf(root: RootContext, options: Options): Documents | null {
  const metrics = root.documentMetrics
  if (metrics == null || (options.disableSampling && !options.enableGovernance)) return null
  const documents = new Documents(options, metrics)
  documents.adopt(nowMs())
  return documents
}

function metricsOf(root: RootContext): Metrics {
  const known = root.metrics
  if (known != null) return known
  const metrics = new Metrics()
  root.metrics = metrics
  root.governanceMetrics = new GovernanceMetrics()
  root.documentMetrics = new DocumentMetrics()
  return metrics
}

export function tick(id: u32): void {
  const root = find(id)
  if (root == null) return
  const delivery = root.delivery
  if (delivery == null) return
  const now = nowMs()
  delivery.tick()
  reportSkipped(root)
  configurationGauge.ticked(root, first)
  if (delivery.over) return remove(root)
  const documents = root.documents
  if (documents == null) return
  reportGovernance(root)
  documents.tick(now)
}

export function answered(id: u32, token: u32, bodySize: u32): void {
  const root = find(id)
  if (root == null) return
  const delivery = root.delivery
  if (delivery == null) return
  const now = nowMs()
  const documents = root.documents
  if (documents != null) {
    if (documents.answered(token, bodySize, now)) return
    documents.compareTags(now)
  }
  delivery.answered(token, successorOf(root, delivery))
  if (delivery.over) remove(root)
}

/** True unless this is a root whose final flush has not been answered: it is deleted when that was answered or given up. */
export function done(id: u32): bool {
  const root = find(id)
  if (root == null) return true
  const delivery = root.delivery
  if (delivery != null && !delivery.done(successorOf(root, delivery))) return false
  remove(root)
  return true
}

function remove(root: RootContext): void {
  turnOff(root)
  root.ended = true
  configurationGauge.removed(first)
  if (!root.streams) free(root)
}

/** A stream has released its root. */
export function release(root: RootContext): void {
  root.streams--
  if (root.ended && !root.streams) free(root)
}

function turnOff(root: RootContext): void {
  const delivery = root.delivery
  root.delivery = null
  if (delivery != null) delivery.discard(successorOf(root, delivery))
  reportSkipped(root)
  reportGovernance(root)
  const documents = root.documents
  root.documents = null
  if (documents != null) documents.free()
  const rules = root.skipRules
  root.skipRules = null
  if (rules != null) rules.free()
  const options = root.options
  root.options = null
  if (options != null) options.free()
}

function reportSkipped(root: RootContext): void {
  const metrics = root.metrics
  if (metrics != null) metrics.reportSkipped()
}

function reportGovernance(root: RootContext): void {
  const metrics = root.governanceMetrics
  if (metrics != null) metrics.report()
}

/** The newest other delivery of this VM that sends to where this one sends: after an update of another option, the new root's. */
function successorOf(root: RootContext, delivery: Delivery): Delivery | null {
  let other = first
  while (other != null) {
    const candidate = other.delivery
    if (other != root && candidate != null && candidate.canFollow(delivery)) return candidate
    other = other.next
  }
  return null
}

function free(root: RootContext): void {
  if (first == root) first = root.next
  else {
    let before = first
    while (before != null && before.next != root) before = before.next
    if (before != null) before.next = root.next
  }
  root.free()
}
