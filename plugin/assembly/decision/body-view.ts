import { BodyView, Subject } from '../conditions/subject'
import { BodyKind, bodyKind } from '../facts/body-kind'
import { Facts } from '../facts/facts'
import { asksForSwitch } from '../facts/protocol-switch'
import { isJson } from '../json/validate'
import { markLength } from '../text/byte-order-mark'

/** Whether a rule may read the body of a request whose headers have come, once it is here; up to `mostBytes`. */
export function viewOfAwaited(facts: Facts, mostBytes: u32): BodyView {
  if (!mostBytes || asksForSwitch(facts.request)) return BodyView.None
  const kind = bodyKind(facts.request, mostBytes)
  return kind == BodyKind.Opaque ? BodyView.None : BodyView.Awaited
}

/** Shows conditions a body that is here. */
export function viewBody(subject: Subject, start: usize, length: u32): void {
  const mark = markLength(start, length)
  start += mark
  length -= mark
  const kind = bodyKind(subject.facts.request, u32.MAX_VALUE)
  if (kind == BodyKind.GraphQl) subject.bodyView = BodyView.GraphQl
  else if (kind == BodyKind.Json && isJson(start, length)) subject.bodyView = BodyView.Json
  subject.body.set(start, length)
}
