import type { Aggregate, AggregateGroup, AggregateSort } from '../../model/aggregate.ts'
import { elapsed } from '../../model/real-timers.ts'
import { groupTerm, type Steps } from '../../query/index.ts'
import { fold } from '../../query/text-match.ts'
import { Sums, type Measured } from './sums.ts'
import { Timeline } from './timeline.ts'

export interface AggregateWanted {
  /** Name of the field to group by; no groups without. */
  by?: string | undefined
  /** Most groups in the result, the first by `sort`. */
  limit: number
  sort: AggregateSort
  ascending: boolean
  timeoutMs: number
  /** Most intervals of the time series; none without. */
  intervals?: number | undefined
  /** What has a series of its own: nothing, each status class, or each group. */
  split: 'none' | 'status' | 'group'
}

/** A field such as uri may have as many values as there are events. */
const MAX_GROUPS = 50_000
/** Series times intervals, which a page could not draw anyway. */
const MAX_SPLITS = 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** Clocks differ, but no API called Moesif before this. */
const EARLIEST = Date.UTC(2000)

/** Adds up events until all are there, or time or memory are used up. */
export class Aggregation {
  readonly #wanted: AggregateWanted
  readonly #started = elapsed()
  readonly #total = new Sums()
  readonly #groups = new Map<string | null, Sums>()
  readonly #splits = new Set<string | null>()
  readonly #timeline: Timeline | undefined
  /** Of events whose time can't be: one would leave all others in one interval. */
  readonly #outside: Timeline | undefined
  readonly #latest = Date.now() + DAY_MS
  #outsideCount = 0
  #gaveUp: string | null = null

  constructor(wanted: AggregateWanted) {
    this.#wanted = wanted
    if (wanted.intervals === undefined) return
    this.#timeline = new Timeline(wanted.intervals)
    this.#outside = new Timeline(wanted.intervals)
  }

  timeIsUp(): void {
    this.#gaveUp ??= `it took longer than ${this.#wanted.timeoutMs} ms`
  }

  /** @returns false: no more is to be added */
  add(keys: readonly (string | null)[], event: Measured): boolean {
    for (const key of keys) if (!this.#addToGroup(key, event)) return false
    this.#total.add(event)
    if (this.#timeline) this.#addToTimeline(keys, event)
    return true
  }

  #addToGroup(key: string | null, event: Measured): boolean {
    let group = this.#groups.get(key)
    if (!group) {
      if (this.#groups.size >= MAX_GROUPS) {
        this.#gaveUp = `the field has more than ${MAX_GROUPS} values`
        return false
      }
      this.#groups.set(key, (group = new Sums()))
    }
    group.add(event)
    return true
  }

  #addToTimeline(keys: readonly (string | null)[], event: Measured): void {
    const isInside = event.at >= EARLIEST && event.at <= this.#latest
    if (!isInside) this.#outsideCount++
    const { split } = this.#wanted
    const parts = split === 'group' ? keys : [split === 'status' ? statusClass(event.status) : null]
    for (const part of parts) {
      if (!this.#splits.has(part) && this.#splits.size >= MAX_SPLITS) continue
      this.#splits.add(part)
      ;(isInside ? this.#timeline : this.#outside)!.add(part, event)
    }
  }

  /** The timeline of all events that have a possible time, or of all others when there are no such. */
  get #shown(): Timeline | undefined {
    return this.#outsideCount === this.#total.count ? this.#outside : this.#timeline
  }

  /** The measures of what was added. */
  *result(): Steps<Aggregate> {
    const { by, sort, ascending, limit, split } = this.#wanted
    const total = this.#total.measures()
    const groups: AggregateGroup[] = []
    /** How many keys there are that differ in letter case only. */
    const alike = new Map<string, number>()
    for (const [key, sums] of by === undefined ? [] : this.#groups) {
      groups.push({ key, filter: '', share: sums.count / total.count, ...sums.measures() })
      if (key !== null) alike.set(fold(key), (alike.get(fold(key)) ?? 0) + 1)
      yield
    }
    groups.sort((a, b) => compare(a[sort], b[sort]) * (ascending ? 1 : -1) || byKey(a, b))
    const shown = groups.slice(0, limit)
    for (const group of shown) {
      const { key } = group
      group.filter = groupTerm(by!, key, key !== null && alike.get(fold(key)) === 1)
    }
    const keys = split === 'group' ? new Set(shown.map(({ key }) => key)) : undefined
    const timeline = this.#shown
    const series = timeline ? yield* timeline.series(keys) : []
    return {
      complete: this.#gaveUp === null,
      incompleteBecause: this.#gaveUp,
      tookMs: Math.round(elapsed() - this.#started),
      total,
      groupCount: groups.length,
      groups: shown,
      intervalMs: timeline?.intervalMs ?? null,
      series,
      outside:
        this.#outsideCount > 0 && timeline === this.#timeline
          ? { count: this.#outsideCount, filter: this.#outsideFilter() }
          : null,
    }
  }

  #outsideFilter(): string {
    const [from, to] = [EARLIEST, this.#latest].map((at) => new Date(at).toISOString())
    return `(time:<${from} OR time:>${to})`
  }
}

function statusClass(status: number | null): string {
  return status !== null && status >= 100 && status < 1000
    ? `${Math.floor(status / 100)}xx`
    : 'none'
}

/** Absent values come first. */
function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

function byKey(a: { key: string | null }, b: { key: string | null }): number {
  return compare(a.key, b.key)
}
