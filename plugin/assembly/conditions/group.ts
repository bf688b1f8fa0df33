import { Span, utf8 } from '../memory/span'
import { behindValue } from '../json/read'
import {
  decode,
  firstItem,
  isArray,
  isNull,
  isObject,
  isString,
  memberOf,
  nextItem,
} from '../json/walk'
import { Regex } from '../regex/regex'
import { Condition, Outcome } from './condition'
import { Field, fieldOf } from './field'
import { Patterns } from './patterns'
import { Prefilter } from './prefilter'
import { ProblemKind, Problems } from './problem'
import { Subject } from './subject'

const CONDITIONS = utf8('conditions')
const PATH = utf8('path')
const VALUE = utf8('value')

const name = new Span()
const path = new Span()
const pattern = new Span()

/** Conditions that must all be met: one object of a `regex_config`. */
@unmanaged
export class Group {
  next: Group | null = null
  readonly prefilter: Prefilter = new Prefilter()
  /** One of them is never met. */
  private impossible: bool = false
  private first: Condition | null = null
  private last: Condition | null = null
  /** Fields it looks at, a bit each. */
  fields: u32 = 0

  test(subject: Subject): Outcome {
    if (this.impossible) return Outcome.No
    let outcome = Outcome.Yes
    let condition = this.first
    while (condition != null) {
      const one = condition.test(subject)
      if (one == Outcome.No) return Outcome.No
      if (one == Outcome.Later) outcome = Outcome.Later
      condition = condition.next
    }
    return outcome
  }

  /** The `conditions` of an object. */
  read(object: usize, patterns: Patterns, problems: Problems): void {
    let list = isObject(object) ? memberOf(object, CONDITIONS) : 0
    if (list && isNull(list)) list = 0
    if (!isObject(object) || (list && !isArray(list))) return this.refuse(object, problems)
    if (!list) return
    for (let item = firstItem(list); item; item = nextItem(item)) {
      if (isObject(item)) this.readCondition(item, patterns, problems)
      else this.refuse(item, problems)
    }
  }

  free(): void {
    let condition = this.first
    while (condition != null) {
      const next = condition.next
      condition.free()
      condition = next
    }
    heap.free(changetype<usize>(this.prefilter))
    heap.free(changetype<usize>(this))
  }

  private readCondition(object: usize, patterns: Patterns, problems: Problems): void {
    const pathAt = memberOf(object, PATH)
    const patternAt = memberOf(object, VALUE)
    const isWhole = pathAt && isString(pathAt) && patternAt && isString(patternAt)
    if (!isWhole) return this.refuse(object, problems)
    decode(pathAt, path)
    decode(patternAt, pattern)
    if (!path.length) return this.refuse(object, problems)
    name.clear()
    const field = fieldOf(path, name)
    if (field == Field.Unknown) {
      this.impossible = true
      problems.add(ProblemKind.Path, path.start, path.length)
      return
    }
    const regex = patterns.compile(pattern.start, pattern.length, problems.scratch)
    if (regex == null) {
      this.impossible = true
      problems.addPattern(pattern)
      return
    }
    this.push(new Condition(field, name, regex))
  }

  private push(condition: Condition): void {
    const last = this.last
    if (last == null) this.first = condition
    else last.next = condition
    this.last = condition
    this.prefilter.add(condition)
    this.fields |= 1 << (<u32>condition.field)
  }

  private refuse(value: usize, problems: Problems): void {
    this.impossible = true
    problems.add(ProblemKind.Shape, value, <u32>(behindValue(value) - value))
  }
}
