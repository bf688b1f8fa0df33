import { nowMs } from '../abi/clock'
import { Group } from '../conditions/group'
import { Problems } from '../conditions/problem'
import { behindValue } from '../json/read'
import { skipSpace } from '../json/validate'
import {
  decode,
  firstItem,
  firstMember,
  isArray,
  isNamed,
  isNull,
  isObject,
  isString,
  memberOf,
  nextItem,
  nextMember,
  valueOf,
} from '../json/walk'
import { Span, utf8 } from '../memory/span'
import { CLOSE_BRACE, COMMA } from '../text/bytes'
import { AppConfig, NO_COHORT, RatedGroup } from './app-config'
import { KeyTable } from './key-table'
import { NO_RATE, rateOf } from './sample-rate'

const SAMPLE_RATE = utf8('sample_rate')
const USER_RATES = utf8('user_sample_rate')
const COMPANY_RATES = utf8('company_sample_rate')
const USER_RULES = utf8('user_rules')
const COMPANY_RULES = utf8('company_rules')
const REGEX_CONFIG = utf8('regex_config')
const RULES = utf8('rules')
const VALUES = utf8('values')

const MOST_COHORTS: u32 = 0xfffe

const key = new Span()
const text = new Span()

const enum Map {
  None,
  Rates,
  Rules,
}

/** Users or companies that are read between two looks at the clock. */
const ENTRIES_A_LOOK: u32 = 128

/**
 * Reads a `/v1/config` that `isJson` accepted, in pieces: a map of a hundred thousand users is left when its time is over, and continued
 * when `read` is called again. The document must stay where it is.
 */
@unmanaged
export class ConfigReader {
  readonly config: AppConfig = new AppConfig()
  readonly problems: Problems = new Problems()
  /** The next key at the top; 0 at the end. */
  private at: usize
  /** The map that is being read, its next key, and where it goes. */
  private map: Map = Map.None
  private member: usize
  private table: KeyTable = changetype<KeyTable>(0)

  constructor(document: usize) {
    const top = skipSpace(document)
    this.at = isObject(top) ? firstMember(top) : 0
  }

  /** Reads on until about `until` (Unix ms); true at the end. */
  read(until: u64): bool {
    let count: u32 = 0
    while (this.at) {
      if (this.map == Map.None) this.section()
      else this.entry()
      if (++count % ENTRIES_A_LOOK == 0 && nowMs() >= until) return !this.at
    }
    return true
  }

  /** @param whole with what was read */
  free(whole: bool): void {
    if (whole) this.config.free()
    this.problems.free()
    heap.free(changetype<usize>(this))
  }

  /** A member at the top: read at once, or opened when it is a map. */
  private section(): void {
    const name = this.at
    const value = valueOf(name)
    const config = this.config
    if (isObject(value)) {
      if (isNamed(name, USER_RATES)) return this.open(value, Map.Rates, config.userRates)
      if (isNamed(name, COMPANY_RATES)) return this.open(value, Map.Rates, config.companyRates)
      if (isNamed(name, USER_RULES)) return this.open(value, Map.Rules, config.userRules)
      if (isNamed(name, COMPANY_RULES)) return this.open(value, Map.Rules, config.companyRules)
    }
    if (isNamed(name, SAMPLE_RATE)) config.rate = rateOf(value)
    if (isNamed(name, REGEX_CONFIG) && isArray(value)) this.rated(value)
    this.at = nextMember(value)
  }

  private open(map: usize, kind: Map, table: KeyTable): void {
    this.map = kind
    this.table = table
    this.member = skipSpace(map + 1)
  }

  /** The next entry of the open map, or its end. */
  private entry(): void {
    const from = this.member
    if (load<u8>(from) == CLOSE_BRACE) return this.close(from + 1)
    decode(from, key)
    const value = valueOf(from)
    if (this.map == Map.Rates) this.addRate(value)
    else if (isArray(value)) this.addRules(value)
    const behind = skipSpace(behindValue(value))
    this.member = load<u8>(behind) == COMMA ? skipSpace(behind + 1) : behind
  }

  private close(behind: usize): void {
    this.map = Map.None
    if (this.table.failed || this.config.cohorts.failed) this.config.failed = true
    const at = skipSpace(behind)
    this.at = load<u8>(at) == COMMA ? skipSpace(at + 1) : 0
  }

  private addRate(value: usize): void {
    const rate = rateOf(value)
    if (rate == NO_RATE || !this.table.add(key.start, key.length)) return
    this.table.entries.word16(rate)
  }

  /** `[{"rules": id, "values": {name: value}}]` */
  private addRules(list: usize): void {
    if (!this.table.add(key.start, key.length)) return
    const out = this.table.entries
    const count = out.room(2)
    if (!count) return
    const countAt = <u32>(count - out.start)
    let written: u32 = 0
    for (let item = firstItem(list); item; item = nextItem(item)) {
      if (isObject(item) && this.addRule(item)) written++
    }
    store<u16>(out.start + countAt, <u16>written)
  }

  private addRule(object: usize): bool {
    const id = memberOf(object, RULES)
    const values = memberOf(object, VALUES)
    const cohort = id && isString(id) ? this.cohortOf(id) : NO_COHORT
    if (cohort == NO_COHORT) return false
    const out = this.table.entries
    out.word16(cohort)
    const count = out.room(2)
    if (!count) return false
    const countAt = <u32>(count - out.start)
    let written: u32 = 0
    for (let name = values && isObject(values) ? firstMember(values) : 0; name;) {
      const value = valueOf(name)
      if (this.addValue(name, value)) written++
      name = nextMember(value)
    }
    store<u16>(out.start + countAt, <u16>written)
    return true
  }

  /** A value of a template: a text, or what else there is as it is written. */
  private addValue(name: usize, value: usize): bool {
    if (isNull(value)) return false
    const out = this.table.entries
    decode(name, text)
    if (text.length > 0xffff) return false
    const from = out.length
    out.word16(text.length)
    out.bytes(text.start, text.length)
    if (isString(value)) decode(value, text)
    else text.set(value, <u32>(behindValue(value) - value))
    if (text.length > 0xffff) {
      out.length = from
      return false
    }
    out.word16(text.length)
    out.bytes(text.start, text.length)
    return true
  }

  private cohortOf(id: usize): u32 {
    decode(id, text)
    const cohorts = this.config.cohorts
    const known = cohorts.find(text.start, text.length)
    if (known) return load<u16>(known)
    const number = cohorts.count
    if (number >= MOST_COHORTS || !cohorts.add(text.start, text.length)) return NO_COHORT
    cohorts.entries.word16(number)
    return number
  }

  /** `[{"conditions": […], "sample_rate": 10}]`: the first that matches counts. */
  private rated(list: usize): void {
    let last: RatedGroup | null = null
    for (let item = firstItem(list); item; item = nextItem(item)) {
      const given = isObject(item) ? memberOf(item, SAMPLE_RATE) : 0
      const rate = given ? rateOf(given) : NO_RATE
      if (rate == NO_RATE) continue
      const group = new Group()
      group.read(item, this.config.patterns, this.problems)
      const rated = new RatedGroup(group, rate)
      if (last == null) this.config.firstRated = rated
      else last.next = rated
      last = rated
    }
  }
}
