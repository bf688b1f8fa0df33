import { freeText, setText } from '../memory/owned-text'
import { Span } from '../memory/span'
import { lowerCase } from '../text/ascii'
import { writeDigits } from '../text/decimal'
import { firstValue } from '../facts/identity'
import { Verdict } from '../regex/automaton'
import { Regex } from '../regex/regex'
import { bodyValue } from './body-value'
import { Field } from './field'
import { BodyView, Subject } from './subject'
import { ALL_VERBS, OTHER_VERB, knownVerb, knownVerbs } from './verb'

export const enum Outcome {
  No,
  Yes,
  /** It depends on what is still to come: the body, the response. */
  Later,
}

const value = new Span()
const digits = memory.data(4)

/** A field of an exchange and the expression it has to match. */
@unmanaged
export class Condition {
  next: Condition | null = null
  /** Of a header or a key. */
  readonly name: Span = new Span()
  /** Of a condition on the verb: those that match, beyond the nine by the expression. */
  readonly verbs: u32

  constructor(
    readonly field: Field,
    name: Span,
    readonly regex: Regex,
  ) {
    setText(this.name, name.start, name.length)
    if (field == Field.Header) toLowerCase(this.name)
    this.verbs = field == Field.Verb ? verbsOf(regex) : ALL_VERBS
  }

  test(subject: Subject): Outcome {
    const regex = this.regex
    switch (this.field) {
      case Field.Verb:
        // Of the others only those come here that match: the group's prefilter has seen to that.
        if (subject.verbBit != OTHER_VERB) return Outcome.Yes
        return matches(regex, subject.verb, subject)
      case Field.Route:
        return matches(regex, subject.route, subject)
      case Field.Address:
        return matches(regex, subject.facts.clientAddress(), subject)
      case Field.Header:
        firstValue(subject.facts.request.findSpan(this.name), value)
        return value.length ? matches(regex, value, subject) : Outcome.No
      case Field.Body:
        if (subject.bodyView == BodyView.Awaited) return Outcome.Later
        if (subject.bodyView == BodyView.None) return Outcome.No
        return bodyValue(subject, this.name, value) ? matches(regex, value, subject) : Outcome.No
      case Field.Status:
        if (!subject.statusKnown) return Outcome.Later
        writeDigits(digits, subject.facts.status, 3)
        value.set(digits, 3)
        return subject.facts.status ? matches(regex, value, subject) : Outcome.No
      default:
        return Outcome.No
    }
  }

  /** The creator of the expression owns it. */
  free(): void {
    freeText(this.name)
    heap.free(changetype<usize>(this))
  }
}

function toLowerCase(text: Span): void {
  for (let at = text.start; at < text.end; at++) store<u8>(at, lowerCase(load<u8>(at)))
}

function asked(holds: bool): Outcome {
  return holds ? Outcome.Yes : Outcome.No
}

/** When matching is given up, the text counts as not matching, and the subject records that. */
function matches(regex: Regex, text: Span, subject: Subject): Outcome {
  const verdict = regex.matches(text.start, text.length)
  if (verdict == Verdict.Unknown) subject.isInDoubt = true
  return asked(verdict == Verdict.Yes)
}

function verbsOf(regex: Regex): u32 {
  let verbs = OTHER_VERB
  for (let i = 0; i < knownVerbs(); i++) {
    const verb = knownVerb(i)
    if (regex.matches(verb.start, verb.length) == Verdict.Yes) verbs |= 1 << i
  }
  return verbs
}
