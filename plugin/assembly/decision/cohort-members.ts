import { Span } from '../memory/span'

/**
 * Reads the compact entry of a user or company: a count, then for each rule its cohort's number, a count, and that many names and
 * values, each after its length. All numbers have 16 bits.
 */
export function memberCount(entry: usize): u32 {
  return entry ? load<u16>(entry) : 0
}

export function memberCohort(member: usize): u32 {
  return load<u16>(member)
}

export function nextMemberOf(member: usize): usize {
  let at = member + 4
  for (let left: u32 = <u32>load<u16>(member, 2) * 2; left; left--) at += 2 + <usize>load<u16>(at)
  return at
}

export function isMember(entry: usize, cohort: u32): bool {
  return find(entry, cohort) != 0
}

/** The value of a name for the rule of a cohort; false when it has none. */
export function memberValue(entry: usize, cohort: u32, name: Span, into: Span): bool {
  const member = find(entry, cohort)
  if (!member) return false
  let at = member + 4
  for (let left: u32 = load<u16>(member, 2); left; left--) {
    const length: u32 = load<u16>(at)
    const value = at + 2 + length
    const found = length == name.length && memory.compare(at + 2, name.start, length) == 0
    if (found) {
      into.set(value + 2, load<u16>(value))
      return true
    }
    at = value + 2 + <usize>load<u16>(value)
  }
  return false
}

function find(entry: usize, cohort: u32): usize {
  let at = entry + 2
  for (let left = memberCount(entry); left; left--) {
    if (memberCohort(at) == cohort) return at
    at = nextMemberOf(at)
  }
  return 0
}
