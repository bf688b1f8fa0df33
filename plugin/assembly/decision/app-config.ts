import { Group } from '../conditions/group'
import { Patterns } from '../conditions/patterns'
import { Span } from '../memory/span'
import { KeyTable } from './key-table'
import { NO_RATE } from './sample-rate'

/** Linear memory that the expressions of one document may take. */
const MOST_PATTERN_BYTES: u32 = 16 * 1024 * 1024

/** Stands for no cohort. */
export const NO_COHORT: u32 = 0xffff

/** A rate for exchanges that meet a group of conditions. */
@unmanaged
export class RatedGroup {
  next: RatedGroup | null = null

  constructor(
    readonly group: Group,
    readonly rate: u32,
  ) {}
}

/**
 * `/v1/config`, as tables. Of a user or company: a rate in 16 bits; or the rules whose cohort it is in: how many, then for each the
 * cohort's number, how many values, and those, each a name and a value with their lengths. All numbers have 16 bits.
 */
@unmanaged
export class AppConfig {
  rate: u32 = NO_RATE
  readonly userRates: KeyTable = new KeyTable()
  readonly companyRates: KeyTable = new KeyTable()
  readonly userRules: KeyTable = new KeyTable()
  readonly companyRules: KeyTable = new KeyTable()
  /** Ids of the rules that have a cohort -> the cohort's number. */
  readonly cohorts: KeyTable = new KeyTable()
  readonly patterns: Patterns = new Patterns(MOST_PATTERN_BYTES)
  firstRated: RatedGroup | null = null
  /** There was no memory for all of it. */
  failed: bool

  /** Whether anything in it keeps less than everything. */
  get samples(): bool {
    if (this.rate != NO_RATE || this.firstRated != null) return true
    return this.userRates.count + this.companyRates.count > 0
  }

  /** The rate of a user or company, `NO_RATE` when it has none. */
  rateIn(table: KeyTable, id: Span): u32 {
    const at = id.length ? table.find(id.start, id.length) : 0
    return at ? <u32>load<u16>(at) : NO_RATE
  }

  free(): void {
    this.userRates.free()
    this.companyRates.free()
    this.userRules.free()
    this.companyRules.free()
    this.cohorts.free()
    let rated = this.firstRated
    while (rated != null) {
      const next = rated.next
      rated.group.free()
      heap.free(changetype<usize>(rated))
      rated = next
    }
    this.patterns.free()
    heap.free(changetype<usize>(this))
  }
}
