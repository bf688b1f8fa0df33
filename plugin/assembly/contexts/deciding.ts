import { Action } from '../abi/constants'
import { AppConfig } from '../decision/app-config'
import { Keep } from '../decision/decision'
import { Exclusion, select } from '../decision/selection'
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
  selectEvent(stream, documents != null ? documents.sampling : null, true)
  return action
}

/** The exchange is over, and its facts are open. Whether its event is wanted. */
export function isWanted(stream: StreamContext): bool {
  const documents = stream.root.documents
  const config = documents != null ? documents.sampling : null
  if (stream.root.skipRules != null || config != null) {
    subject.open(true)
    selectEvent(stream, config, false)
  }
  return stream.decision.keep != Keep.No
}

function selectEvent(stream: StreamContext, config: AppConfig | null, early: bool): void {
  const root = stream.root
  const excluded = select(stream.decision, root.skipRules, config, subject, early)
  const metrics = root.metrics
  if (excluded == Exclusion.None || metrics == null) return
  if (excluded == Exclusion.Skipped) metrics.skipped()
  else metrics.events.sampledOut(1)
}
