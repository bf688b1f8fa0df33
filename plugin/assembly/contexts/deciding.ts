import { Action } from '../abi/constants'
import { AppConfig } from '../decision/app-config'
import { Keep } from '../decision/decision'
import { settle } from '../decision/dice'
import { LATER, sampleRate } from '../decision/sampling'
import { Documents } from '../documents/documents'
import { failOpen, governHeaders } from './governing'
import { openRequest, subject } from './open-facts'
import { StreamContext } from './stream-context'

/** Called at the request's headers: applies its rules, and decides, where that is possible already, whether its event is wanted. */
export function decideAtHeaders(
  stream: StreamContext,
  documents: Documents | null,
  isLast: bool,
): Action {
  if (!openRequest(stream)) return Action.Continue
  let action = Action.Continue
  if (documents != null) {
    const rules = documents.rules
    if (rules != null) action = governHeaders(stream, rules, isLast)
    else if (documents.governs) failOpen(stream)
  }
  skip(stream)
  const config = documents != null ? documents.sampling : null
  if (config != null && stream.decision.keep == Keep.Open) sampleEarly(stream, config)
  return action
}

/** An exchange that the option `skip` names has no event. What that depends on the response for is asked again at the end. */
function skip(stream: StreamContext): void {
  const rules = stream.root.skipRules
  if (rules == null || stream.decision.keep == Keep.No || !rules.isMet(subject)) return
  stream.decision.keep = Keep.No
  const metrics = stream.root.metrics
  if (metrics != null) metrics.skipped()
}

/** The exchange is over, and its facts are open. Whether its event is wanted. */
export function isWanted(stream: StreamContext): bool {
  const decision = stream.decision
  const documents = stream.root.documents
  const config = documents != null ? documents.sampling : null
  const mayBeSkipped = stream.root.skipRules != null
  if (!mayBeSkipped && config == null) return decision.keep != Keep.No
  subject.open(true)
  skip(stream)
  if (decision.keep == Keep.Open && config != null) {
    sample(stream, sampleRate(config, subject, false))
  }
  return decision.keep != Keep.No
}

function sampleEarly(stream: StreamContext, config: AppConfig): void {
  const rate = sampleRate(config, subject, true)
  if (rate != LATER) sample(stream, rate)
}

function sample(stream: StreamContext, rate: u32): void {
  if (settle(stream.decision, rate)) return
  const metrics = stream.root.metrics
  if (metrics != null) metrics.events.sampledOut(1)
}
