import type { Aggregate, AggregateGroup, AggregateSort } from '../../model/aggregate.ts'
import { elapsed } from '../../model/real-timers.ts'
import type { Steps } from '../../query/index.ts'
import { Sums, type Measured } from './sums.ts'
import { Timeline } from './timeline.ts'

export interface AggregateWanted {
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

/** Adds up events until all are there, or time or memory are used up. */
export class Aggregation {
  readonly #wanted: AggregateWanted
  readonly #started = elapsed()
  readonly #total = new Sums()
  readonly #groups = new Map<string | null, Sums>()
  readonly #splits = new Set<string | null>()
  readonly #timeline: Timeline | undefined
  #gaveUp: string | null = null

  constructor(wanted: AggregateWanted) {
    this.#wanted = wanted
    if (wanted.intervals !== undefined) this.#timeline = new Timeline(wanted.intervals)
  }

  timeIsUp(): void {
    this.#gaveUp ??= `it took longer than ${this.#wanted.timeoutMs} ms`
  }

  /** @returns false: no more is to be added */
  add(key: string | null, event: Measured): boolean {
    let group = this.#groups.get(key)
    if (!group) {
      if (this.#groups.size >= MAX_GROUPS) {
        this.#gaveUp = `the field has more than ${MAX_GROUPS} values`
        return false
      }
      this.#groups.set(key, (group = new Sums()))
    }
    group.add(event)
    this.#total.add(event)
    if (this.#timeline) this.#addToTimeline(this.#timeline, key, event)
    return true
  }

  #addToTimeline(timeline: Timeline, key: string | null, event: Measured): void {
    const { split } = this.#wanted
    const of = split === 'status' ? statusClass(event.status) : split === 'group' ? key : null
    if (!this.#splits.has(of) && this.#splits.size >= MAX_SPLITS) return
    this.#splits.add(of)
    timeline.add(of, event)
  }

  /** The measures of what was added. @param isGrouped false: there was no field to group by */
  *result(isGrouped: boolean): Steps<Aggregate> {
    const { sort, ascending, limit, split } = this.#wanted
    const total = this.#total.measures()
    const groups: AggregateGroup[] = []
    for (const [key, sums] of isGrouped ? this.#groups : []) {
      groups.push({ key, share: sums.count / total.count, ...sums.measures() })
      yield
    }
    groups.sort((a, b) => compare(a[sort], b[sort]) * (ascending ? 1 : -1) || byKey(a, b))
    const shown = groups.slice(0, limit)
    const keys = split === 'group' ? new Set(shown.map(({ key }) => key)) : undefined
    const series = this.#timeline ? yield* this.#timeline.series(keys) : []
    return {
      complete: this.#gaveUp === null,
      incompleteBecause: this.#gaveUp,
      tookMs: Math.round(elapsed() - this.#started),
      total,
      groupCount: groups.length,
      groups: shown,
      intervalMs: this.#timeline?.intervalMs ?? null,
      series,
    }
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

function byKey(a: AggregateGroup, b: AggregateGroup): number {
  return compare(a.key, b.key)
}
