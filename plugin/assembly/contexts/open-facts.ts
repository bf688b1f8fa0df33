import { Subject } from '../conditions/subject'
import { Facts } from '../facts/facts'
import { StreamContext } from './stream-context'

/** Shared: callbacks never overlap. */
export const facts = new Facts()
/** The same, as conditions see it. */
export const subject = new Subject(facts)

/** A request whose headers have come. False when there is nothing to decide about. */
export function openRequest(stream: StreamContext): bool {
  const options = stream.root.options
  if (options == null || !facts.openRequest(stream.exchange, options)) return false
  subject.open(false)
  return true
}
