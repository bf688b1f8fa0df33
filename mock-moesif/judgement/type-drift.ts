import type { Finding } from '../model/event.ts'
import type { KnownMember, KnownTypes, MemberType } from '../model/member-type.ts'
import { escapePointer } from './pointer.ts'

/** Bounds for one event: deeper or later values are not checked. */
const MAX_DEPTH = 10
const MAX_VALUES = 1000
const MAX_FINDINGS = 10

const WORDS: Record<MemberType, string> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
}

/** Members of metadata and bodies that have another type than in earlier events of the application. */
export function typeDrift(event: Record<string, unknown>, known: KnownTypes): Finding[] {
  const drift = new TypeDrift(known)
  drift.read(event, ['metadata'])
  drift.read(event, ['request', 'body'])
  drift.read(event, ['response', 'body'])
  return drift.findings
}

class TypeDrift {
  readonly findings: Finding[] = []
  readonly #known: KnownTypes
  /** The names that lead to the value that is read. */
  readonly #path: (string | number)[] = []
  #left = MAX_VALUES

  constructor(known: KnownTypes) {
    this.#known = known
  }

  /** A body itself may be text for one call and an object for another: only its members are indexed. */
  read(event: Record<string, unknown>, path: readonly string[]): void {
    let value: unknown = event
    let member: KnownMember | undefined = this.#known.root
    for (const name of path) {
      value = (value as Record<string, unknown> | null | undefined)?.[name]
      if (typeof value !== 'object' || value === null) return
      member = member && this.#known.member(member, name)
    }
    this.#path.splice(0, Infinity, ...path)
    if (Array.isArray(value)) this.#values(value, member, false)
    else this.#members(value as Record<string, unknown>, member)
  }

  #members(object: Record<string, unknown>, parent: KnownMember | undefined): void {
    if (!parent || this.#path.length > MAX_DEPTH) return
    for (const name in object) {
      const value = object[name]
      if (value === null) continue
      const member = this.#known.member(parent, name)
      if (!member) continue
      this.#path.push(name)
      this.#value(value, member, true)
      this.#path.pop()
    }
  }

  #values(values: readonly unknown[], member: KnownMember | undefined, typed: boolean): void {
    if (!member || this.#path.length > MAX_DEPTH) return
    for (let index = 0; index < values.length && this.#left > 0; index++) {
      const value = values[index]
      if (value === null) continue
      this.#path.push(index)
      this.#value(value, member, typed)
      this.#path.pop()
    }
  }

  #value(value: unknown, member: KnownMember, typed: boolean): void {
    if (--this.#left < 0) return
    if (Array.isArray(value)) return this.#values(value, member, typed)
    const found = typeOf(value)
    const before = typed ? this.#known.typeOf(member, found) : found
    if (found !== before) this.#find(before, found)
    else if (found === 'object') this.#members(value as Record<string, unknown>, member)
  }

  #find(before: MemberType, found: MemberType): void {
    if (this.findings.length >= MAX_FINDINGS) return
    const name = this.#path.findLast((part) => typeof part === 'string')
    this.findings.push({
      severity: 'warning',
      pointer: this.#path.map((part) => `/${escapePointer(String(part))}`).join(''),
      message: `${name} is ${WORDS[found]}, and was ${WORDS[before]} in earlier events of this application: Moesif's index has one type for each key`,
    })
  }
}

function typeOf(value: unknown): MemberType {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
    case 'boolean':
      return typeof value as MemberType
    default:
      return 'object'
  }
}
